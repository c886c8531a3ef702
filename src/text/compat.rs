//! What characters stand for: letters of presentation forms and ligatures, base letters of accented ones, as Unicode's
//! compatibility decomposition has them for the scripts that news is written in; and which characters are marks.
//!
//! The whole of Unicode's tables would be a sixth of the page's first load.

use std::sync::LazyLock;

/// Blocks: the first character, then what each character from it on stands for, without the marks that folding drops;
/// nothing where it stands for itself alone.
#[rustfmt::skip]
const BLOCKS: &[(u32, &str)] = &[
    (0x00A0, " \n\n\n\n\n\n\n\n \n\na\n\n\n\n\n \n\n\n2\n3\n \nμ\n\n\n \n1\no\n\n1⁄4\n1⁄2\n3⁄4\n\nA\nA\nA\nA\nA\nA\n\nC\nE\nE\nE\nE\nI\nI\nI\nI\n\nN\nO\nO\nO\nO\nO\n\n\nU\nU\nU\nU\nY\n\n\na\na\na\na\na\na\n\nc\ne\ne\ne\ne\ni\ni\ni\ni\n\nn\no\no\no\no\no\n\n\nu\nu\nu\nu\ny\n\ny\nA\na\nA\na\nA\na\nC\nc\nC\nc\nC\nc\nC\nc\nD\nd\n\n\nE\ne\nE\ne\nE\ne\nE\ne\nE\ne\nG\ng\nG\ng\nG\ng\nG\ng\nH\nh\n\n\nI\ni\nI\ni\nI\ni\nI\ni\nI\n\nIJ\nij\nJ\nj\nK\nk\n\nL\nl\nL\nl\nL\nl\nL·\nl·\n\n\nN\nn\nN\nn\nN\nn\nʼn\n\n\nO\no\nO\no\nO\no\n\n\nR\nr\nR\nr\nR\nr\nS\ns\nS\ns\nS\ns\nS\ns\nT\nt\nT\nt\n\n\nU\nu\nU\nu\nU\nu\nU\nu\nU\nu\nU\nu\nW\nw\nY\ny\nY\nZ\nz\nZ\nz\nZ\nz\ns\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nO\no\n\n\n\n\n\n\n\n\n\n\n\n\n\nU\nu\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nDZ\nDz\ndz\nLJ\nLj\nlj\nNJ\nNj\nnj\nA\na\nI\ni\nO\no\nU\nu\nU\nu\nU\nu\nU\nu\nU\nu\n\nA\na\nA\na\nÆ\næ\n\n\nG\ng\nK\nk\nO\no\nO\no\nƷ\nʒ\nj\nDZ\nDz\ndz\nG\ng\n\n\nN\nn\nA\na\nÆ\næ\nØ\nø\nA\na\nA\na\nE\ne\nE\ne\nI\ni\nI\ni\nO\no\nO\no\nR\nr\nR\nr\nU\nu\nU\nu\nS\ns\nT\nt\n\n\nH\nh\n\n\n\n\n\n\nA\na\nE\ne\nO\no\nO\no\nO\no\nO\no\nY\ny"),
    (0x0370, "\n\n\n\nʹ\n\n\n\n\n\n \n\n\n\n;\n\n\n\n\n\n \n \nΑ\n·\nΕ\nΗ\nΙ\n\nΟ\n\nΥ\nΩ\nι\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nΙ\nΥ\nα\nε\nη\nι\nυ\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nι\nυ\nο\nυ\nω\n\nβ\nθ\nΥ\nΥ\nΥ\nφ\nπ\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nκ\nρ\nς\n\nΘ\nε\n\n\n\nΣ\n\n\n\n\n\n\nЕ\nЕ\n\nГ\n\n\n\nІ\n\n\n\n\nК\nИ\nУ\n\n\n\n\n\n\n\n\n\n\nИ\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nи\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nе\nе\n\nг\n\n\n\nі\n\n\n\n\nк\nи\nу\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nѴ\nѵ\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nЖ\nж\n\n\n\n\n\n\n\n\n\n\n\n\n\nА\nа\nА\nа\n\n\nЕ\nе\n\n\nӘ\nә\nЖ\nж\nЗ\nз\n\n\nИ\nи\nИ\nи\nО\nо\n\n\nӨ\nө\nЭ\nэ\nУ\nу\nУ\nу\nУ\nу\nЧ\nч\n\n\nЫ\nы"),
    (0x0600, "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nا\nا\nو\nا\nي\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nاٴ\nوٴ\nۇٴ\nيٴ\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nە\n\nہ\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nے"),
    (0x1E00, "A\na\nB\nb\nB\nb\nB\nb\nC\nc\nD\nd\nD\nd\nD\nd\nD\nd\nD\nd\nE\ne\nE\ne\nE\ne\nE\ne\nE\ne\nF\nf\nG\ng\nH\nh\nH\nh\nH\nh\nH\nh\nH\nh\nI\ni\nI\ni\nK\nk\nK\nk\nK\nk\nL\nl\nL\nl\nL\nl\nL\nl\nM\nm\nM\nm\nM\nm\nN\nn\nN\nn\nN\nn\nN\nn\nO\no\nO\no\nO\no\nO\no\nP\np\nP\np\nR\nr\nR\nr\nR\nr\nR\nr\nS\ns\nS\ns\nS\ns\nS\ns\nS\ns\nT\nt\nT\nt\nT\nt\nT\nt\nU\nu\nU\nu\nU\nu\nU\nu\nU\nu\nV\nv\nV\nv\nW\nw\nW\nw\nW\nw\nW\nw\nW\nw\nX\nx\nX\nx\nY\ny\nZ\nz\nZ\nz\nZ\nz\nh\nt\nw\ny\naʾ\ns\n\n\n\n\nA\na\nA\na\nA\na\nA\na\nA\na\nA\na\nA\na\nA\na\nA\na\nA\na\nA\na\nA\na\nE\ne\nE\ne\nE\ne\nE\ne\nE\ne\nE\ne\nE\ne\nE\ne\nI\ni\nI\ni\nO\no\nO\no\nO\no\nO\no\nO\no\nO\no\nO\no\nO\no\nO\no\nO\no\nO\no\nO\no\nU\nu\nU\nu\nU\nu\nU\nu\nU\nu\nU\nu\nU\nu\nY\ny\nY\ny\nY\ny\nY\ny"),
    (0x2000, " \n \n \n \n \n \n \n \n \n \n \n\n\n\n\n\n\n‐\n\n\n\n\n\n \n\n\n\n\n\n\n\n\n\n\n\n\n.\n..\n...\n\n\n\n\n\n\n\n\n \n\n\n\n′′\n′′′\n\n‵‵\n‵‵‵\n\n\n\n\n!!\n\n \n\n\n\n\n\n\n\n\n??\n?!\n!?\n\n\n\n\n\n\n\n\n\n\n\n\n\n′′′′\n\n\n\n\n\n\n\n \n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n0\ni\n\n\n4\n5\n6\n7\n8\n9\n+\n−\n=\n(\n)\nn\n0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n+\n−\n=\n(\n)\n\na\ne\no\nx\nə\nh\nk\nl\nm\nn\np\ns\nt\nw\ny\nz\n\n\n\n\n\n\n\n\nRs\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\na/c\na/s\nC\n°C\n\nc/o\nc/u\nƐ\n\n°F\ng\nH\nH\nH\nh\nħ\nI\nI\nL\nl\n\nN\nNo\n\n\nP\nQ\nR\nR\nR\n\n\nSM\nTEL\nTM\n\nZ\n\nΩ\n\nZ\n\nK\nA\nB\nC\n\ne\nE\nF\n\nM\no\nא\nב\nג\nד\ni\n\nFAX\nπ\nγ\nΓ\nΠ\n∑\n\n\n\n\nD\nd\ne\ni\nj"),
    (0xFB00, "ff\nfi\nfl\nffi\nffl\nst\nst\n\n\n\n\n\n\n\n\n\n\n\n\nմն\nմե\nմի\nվն\nմխ\n\n\n\n\n\nי\n\nײ\nע\nא\nד\nה\nכ\nל\nם\nר\nת\n+\nש\nש\nש\nש\nא\nא\nא\nב\nג\nד\nה\nו\nז\n\nט\nי\nך\nכ\nל\n\nמ\n\nנ\nס\n\nף\nפ\n\nצ\nק\nר\nש\nת\nו\nב\nכ\nפ\nאל"),
    (0xFB50, "ٱ\nٱ\nٻ\nٻ\nٻ\nٻ\nپ\nپ\nپ\nپ\nڀ\nڀ\nڀ\nڀ\nٺ\nٺ\nٺ\nٺ\nٿ\nٿ\nٿ\nٿ\nٹ\nٹ\nٹ\nٹ\nڤ\nڤ\nڤ\nڤ\nڦ\nڦ\nڦ\nڦ\nڄ\nڄ\nڄ\nڄ\nڃ\nڃ\nڃ\nڃ\nچ\nچ\nچ\nچ\nڇ\nڇ\nڇ\nڇ\nڍ\nڍ\nڌ\nڌ\nڎ\nڎ\nڈ\nڈ\nژ\nژ\nڑ\nڑ\nک\nک\nک\nک\nگ\nگ\nگ\nگ\nڳ\nڳ\nڳ\nڳ\nڱ\nڱ\nڱ\nڱ\nں\nں\nڻ\nڻ\nڻ\nڻ\nە\nە\nہ\nہ\nہ\nہ\nھ\nھ\nھ\nھ\nے\nے\nے\nے\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nڭ\nڭ\nڭ\nڭ\nۇ\nۇ\nۆ\nۆ\nۈ\nۈ\nۇٴ\nۋ\nۋ\nۅ\nۅ\nۉ\nۉ\nې\nې\nې\nې\nى\nى\nيا\nيا\nيە\nيە\nيو\nيو\nيۇ\nيۇ\nيۆ\nيۆ\nيۈ\nيۈ\nيې\nيې\nيې\nيى\nيى\nيى\nی\nی\nی\nی\nيج\nيح\nيم\nيى\nيي\nبج\nبح\nبخ\nبم\nبى\nبي\nتج\nتح\nتخ\nتم\nتى\nتي\nثج\nثم\nثى\nثي\nجح\nجم\nحج\nحم\nخج\nخح\nخم\nسج\nسح\nسخ\nسم\nصح\nصم\nضج\nضح\nضخ\nضم\nطح\nطم\nظم\nعج\nعم\nغج\nغم\nفج\nفح\nفخ\nفم\nفى\nفي\nقح\nقم\nقى\nقي\nكا\nكج\nكح\nكخ\nكل\nكم\nكى\nكي\nلج\nلح\nلخ\nلم\nلى\nلي\nمج\nمح\nمخ\nمم\nمى\nمي\nنج\nنح\nنخ\nنم\nنى\nني\nهج\nهم\nهى\nهي\nيج\nيح\nيخ\nيم\nيى\nيي\nذ\nر\nى\n \n \n \n \n \n \nير\nيز\nيم\nين\nيى\nيي\nبر\nبز\nبم\nبن\nبى\nبي\nتر\nتز\nتم\nتن\nتى\nتي\nثر\nثز\nثم\nثن\nثى\nثي\nفى\nفي\nقى\nقي\nكا\nكل\nكم\nكى\nكي\nلم\nلى\nلي\nما\nمم\nنر\nنز\nنم\nنن\nنى\nني\nى\nير\nيز\nيم\nين\nيى\nيي\nيج\nيح\nيخ\nيم\nيه\nبج\nبح\nبخ\nبم\nبه\nتج\nتح\nتخ\nتم\nته\nثم\nجح\nجم\nحج\nحم\nخج\nخم\nسج\nسح\nسخ\nسم\nصح\nصخ\nصم\nضج\nضح\nضخ\nضم\nطح\nظم\nعج\nعم\nغج\nغم\nفج\nفح\nفخ\nفم\nقح\nقم\nكج\nكح\nكخ\nكل\nكم\nلج\nلح\nلخ\nلم\nله\nمج\nمح\nمخ\nمم\nنج\nنح\nنخ\nنم\nنه\nهج\nهم\nه\nيج\nيح\nيخ\nيم\nيه\nيم\nيه\nبم\nبه\nتم\nته\nثم\nثه\nسم\nسه\nشم\nشه\nكل\nكم\nلم\nنم\nنه\nيم\nيه\nـ\nـ\nـ\nطى\nطي\nعى\nعي\nغى\nغي\nسى\nسي\nشى\nشي\nحى\nحي\nجى\nجي\nخى\nخي\nصى\nصي\nضى\nضي\nشج\nشح\nشخ\nشم\nشر\nسر\nصر\nضر\nطى\nطي\nعى\nعي\nغى\nغي\nسى\nسي\nشى\nشي\nحى\nحي\nجى\nجي\nخى\nخي\nصى\nصي\nضى\nضي\nشج\nشح\nشخ\nشم\nشر\nسر\nصر\nضر\nشج\nشح\nشخ\nشم\nسه\nشه\nطم\nسج\nسح\nسخ\nشج\nشح\nشخ\nطم\nظم\nا\nا\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nتجم\nتحج\nتحج\nتحم\nتخم\nتمج\nتمح\nتمخ\nجمح\nجمح\nحمي\nحمى\nسحج\nسجح\nسجى\nسمح\nسمح\nسمج\nسمم\nسمم\nصحح\nصحح\nصمم\nشحم\nشحم\nشجي\nشمخ\nشمخ\nشمم\nشمم\nضحى\nضخم\nضخم\nطمح\nطمح\nطمم\nطمي\nعجم\nعمم\nعمم\nعمى\nغمم\nغمي\nغمى\nفخم\nفخم\nقمح\nقمم\nلحم\nلحي\nلحى\nلجج\nلجج\nلخم\nلخم\nلمح\nلمح\nمحج\nمحم\nمحي\nمجح\nمجم\nمخج\nمخم\n\n\nمجخ\nهمج\nهمم\nنحم\nنحى\nنجم\nنجم\nنجى\nنمي\nنمى\nيمم\nيمم\nبخي\nتجي\nتجى\nتخي\nتخى\nتمي\nتمى\nجمي\nجحى\nجمى\nسخى\nصحي\nشحي\nضحي\nلجي\nلمي\nيحي\nيجي\nيمي\nممي\nقمي\nنحي\nقمح\nلحم\nعمي\nكمي\nنجح\nمخي\nلجم\nكمم\nلجم\nنجح\nجحي\nحجي\nمجي\nفمي\nبحي\nكمم\nعجم\nصمم\nسخي\nنجي\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nصلے\nقلے\nالله\nاكبر\nمحمد\nصلعم\nرسول\nعليه\nوسلم\nصلى\nصلى الله عليه وسلم\nجل جلاله\nریال"),
    (0xFE70, " \nـ\n \n\n \n\n \nـ\n \nـ\n \nـ\n \nـ\n \nـ\nء\nا\nا\nا\nا\nو\nو\nا\nا\nي\nي\nي\nي\nا\nا\nب\nب\nب\nب\nة\nة\nت\nت\nت\nت\nث\nث\nث\nث\nج\nج\nج\nج\nح\nح\nح\nح\nخ\nخ\nخ\nخ\nد\nد\nذ\nذ\nر\nر\nز\nز\nس\nس\nس\nس\nش\nش\nش\nش\nص\nص\nص\nص\nض\nض\nض\nض\nط\nط\nط\nط\nظ\nظ\nظ\nظ\nع\nع\nع\nع\nغ\nغ\nغ\nغ\nف\nف\nف\nف\nق\nق\nق\nق\nك\nك\nك\nك\nل\nل\nل\nل\nم\nم\nم\nم\nن\nن\nن\nن\nه\nه\nه\nه\nو\nو\nى\nى\nي\nي\nي\nي\nلا\nلا\nلا\nلا\nلا\nلا\nلا\nلا"),
    (0xFF00, "\n!\n\"\n#\n$\n%\n&\n'\n(\n)\n*\n+\n,\n-\n.\n/\n0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n:\n;\n<\n=\n>\n?\n@\nA\nB\nC\nD\nE\nF\nG\nH\nI\nJ\nK\nL\nM\nN\nO\nP\nQ\nR\nS\nT\nU\nV\nW\nX\nY\nZ\n[\n\\\n]\n^\n_\n`\na\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nx\ny\nz\n{\n|\n}\n~\n⦅\n⦆\n。\n「\n」\n、\n・\nヲ\nァ\nィ\nゥ\nェ\nォ\nャ\nュ\nョ\nッ\nー\nア\nイ\nウ\nエ\nオ\nカ\nキ\nク\nケ\nコ\nサ\nシ\nス\nセ\nソ\nタ\nチ\nツ\nテ\nト\nナ\nニ\nヌ\nネ\nノ\nハ\nヒ\nフ\nヘ\nホ\nマ\nミ\nム\nメ\nモ\nヤ\nユ\nヨ\nラ\nリ\nル\nレ\nロ\nワ\nン\n゙\n゚\nᅠ\nᄀ\nᄁ\nᆪ\nᄂ\nᆬ\nᆭ\nᄃ\nᄄ\nᄅ\nᆰ\nᆱ\nᆲ\nᆳ\nᆴ\nᆵ\nᄚ\nᄆ\nᄇ\nᄈ\nᄡ\nᄉ\nᄊ\nᄋ\nᄌ\nᄍ\nᄎ\nᄏ\nᄐ\nᄑ\nᄒ\n\n\n\nᅡ\nᅢ\nᅣ\nᅤ\nᅥ\nᅦ\n\n\nᅧ\nᅨ\nᅩ\nᅪ\nᅫ\nᅬ\n\n\nᅭ\nᅮ\nᅯ\nᅰ\nᅱ\nᅲ\n\n\nᅳ\nᅴ\nᅵ\n\n\n\n¢\n£\n¬\n \n¦\n¥\n₩\n\n│\n←\n↑\n→\n↓\n■\n○"),
];

static PARTS: LazyLock<Vec<(u32, Vec<&'static str>)>> =
    LazyLock::new(|| BLOCKS.iter().map(|(first, parts)| (*first, parts.split('\n').collect())).collect());

/// Hands out what a character stands for; the character itself where that is nothing else.
pub(super) fn decompose(character: char, mut hand: impl FnMut(char)) {
    let code = u32::from(character);
    let block = PARTS.iter().rev().find(|(first, _)| *first <= code);
    let index = block.and_then(|(first, _)| usize::try_from(code - first).ok());
    match block.zip(index).and_then(|((_, parts), index)| parts.get(index)).filter(|parts| !parts.is_empty()) {
        Some(parts) => parts.chars().for_each(hand),
        None => hand(character),
    }
}

/// Marks: characters that stand on, around or beside another (general category M), as ranges with both ends.
#[rustfmt::skip]
const MARKS: &[(u32, u32)] = &[
    (0x300, 0x36F), (0x483, 0x489), (0x591, 0x5BD), (0x5BF, 0x5BF), (0x5C1, 0x5C2), (0x5C4, 0x5C5), (0x5C7, 0x5C9), (0x610, 0x61A), (0x64B, 0x65F),
    (0x670, 0x670), (0x6D6, 0x6DC), (0x6DF, 0x6E4), (0x6E7, 0x6E8), (0x6EA, 0x6ED), (0x711, 0x711), (0x730, 0x74A), (0x7A6, 0x7B0), (0x7EB, 0x7F3),
    (0x7FD, 0x7FD), (0x816, 0x819), (0x81B, 0x823), (0x825, 0x827), (0x829, 0x82D), (0x859, 0x85B), (0x897, 0x89F), (0x8CA, 0x8E1), (0x8E3, 0x903),
    (0x93A, 0x93C), (0x93E, 0x94F), (0x951, 0x957), (0x962, 0x963), (0x981, 0x983), (0x9BC, 0x9BC), (0x9BE, 0x9C4), (0x9C7, 0x9C8), (0x9CB, 0x9CD),
    (0x9D7, 0x9D7), (0x9E2, 0x9E3), (0x9FE, 0x9FE), (0xA01, 0xA03), (0xA3C, 0xA3C), (0xA3E, 0xA42), (0xA47, 0xA48), (0xA4B, 0xA4D), (0xA51, 0xA51),
    (0xA70, 0xA71), (0xA75, 0xA75), (0xA81, 0xA83), (0xABC, 0xABC), (0xABE, 0xAC5), (0xAC7, 0xAC9), (0xACB, 0xACD), (0xAE2, 0xAE3), (0xAFA, 0xAFF),
    (0xB01, 0xB03), (0xB3C, 0xB3C), (0xB3E, 0xB44), (0xB47, 0xB48), (0xB4B, 0xB4D), (0xB53, 0xB57), (0xB62, 0xB63), (0xB82, 0xB82), (0xBBE, 0xBC2),
    (0xBC6, 0xBC8), (0xBCA, 0xBCD), (0xBD7, 0xBD7), (0xC00, 0xC04), (0xC3C, 0xC3C), (0xC3E, 0xC44), (0xC46, 0xC48), (0xC4A, 0xC4D), (0xC55, 0xC56),
    (0xC62, 0xC63), (0xC81, 0xC83), (0xCBC, 0xCBC), (0xCBE, 0xCC4), (0xCC6, 0xCC8), (0xCCA, 0xCCD), (0xCD5, 0xCD6), (0xCE2, 0xCE3), (0xCF3, 0xCF3),
    (0xD00, 0xD03), (0xD3B, 0xD3C), (0xD3E, 0xD44), (0xD46, 0xD48), (0xD4A, 0xD4D), (0xD57, 0xD57), (0xD62, 0xD63), (0xD81, 0xD83), (0xDCA, 0xDCA),
    (0xDCF, 0xDD4), (0xDD6, 0xDD6), (0xDD8, 0xDDF), (0xDF2, 0xDF3), (0xE31, 0xE31), (0xE34, 0xE3A), (0xE47, 0xE4E), (0xEB1, 0xEB1), (0xEB4, 0xEBC),
    (0xEC8, 0xECE), (0xF18, 0xF19), (0xF35, 0xF35), (0xF37, 0xF37), (0xF39, 0xF39), (0xF3E, 0xF3F), (0xF71, 0xF84), (0xF86, 0xF87), (0xF8D, 0xF97),
    (0xF99, 0xFBC), (0xFC6, 0xFC6), (0x102B, 0x103E), (0x1056, 0x1059), (0x105E, 0x1060), (0x1062, 0x1064), (0x1067, 0x106D), (0x1071, 0x1074),
    (0x1082, 0x108D), (0x108F, 0x108F), (0x109A, 0x109D), (0x135D, 0x135F), (0x1712, 0x1715), (0x1732, 0x1734), (0x1752, 0x1753), (0x1772, 0x1773),
    (0x17B4, 0x17D3), (0x17DD, 0x17DD), (0x180B, 0x180D), (0x180F, 0x180F), (0x1885, 0x1886), (0x18A9, 0x18A9), (0x1920, 0x192B), (0x1930, 0x193B),
    (0x1A17, 0x1A1B), (0x1A55, 0x1A5E), (0x1A60, 0x1A7C), (0x1A7F, 0x1A7F), (0x1AB0, 0x1AF0), (0x1B00, 0x1B04), (0x1B34, 0x1B44), (0x1B6B, 0x1B73),
    (0x1B80, 0x1B82), (0x1BA1, 0x1BAD), (0x1BE6, 0x1BF3), (0x1C24, 0x1C37), (0x1CD0, 0x1CD2), (0x1CD4, 0x1CE8), (0x1CED, 0x1CED), (0x1CF4, 0x1CF4),
    (0x1CF7, 0x1CF9), (0x1DC0, 0x1DFF), (0x20D0, 0x20F0), (0x2CEF, 0x2CF1), (0x2D7F, 0x2D7F), (0x2DE0, 0x2DFF), (0x302A, 0x302F), (0x3099, 0x309A),
    (0xA66F, 0xA672), (0xA674, 0xA67D), (0xA69E, 0xA69F), (0xA6F0, 0xA6F1), (0xA802, 0xA802), (0xA806, 0xA806), (0xA80B, 0xA80B), (0xA823, 0xA827),
    (0xA82C, 0xA82C), (0xA880, 0xA881), (0xA8B4, 0xA8C5), (0xA8E0, 0xA8F1), (0xA8FF, 0xA8FF), (0xA926, 0xA92D), (0xA947, 0xA953), (0xA980, 0xA983),
    (0xA9B3, 0xA9C0), (0xA9E5, 0xA9E5), (0xAA29, 0xAA36), (0xAA43, 0xAA43), (0xAA4C, 0xAA4D), (0xAA7B, 0xAA7D), (0xAAB0, 0xAAB0), (0xAAB2, 0xAAB4),
    (0xAAB7, 0xAAB8), (0xAABE, 0xAABF), (0xAAC1, 0xAAC1), (0xAAEB, 0xAAEF), (0xAAF5, 0xAAF6), (0xABE3, 0xABEA), (0xABEC, 0xABED), (0xFB1E, 0xFB1E),
    (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0x101FD, 0x101FD), (0x102E0, 0x102E0), (0x10376, 0x1037A), (0x10A01, 0x10A03), (0x10A05, 0x10A06),
    (0x10A0C, 0x10A0F), (0x10A38, 0x10A3A), (0x10A3F, 0x10A3F), (0x10AE5, 0x10AE6), (0x10D24, 0x10D27), (0x10D69, 0x10D6D), (0x10EAB, 0x10EAC),
    (0x10ECB, 0x10ECF), (0x10EF0, 0x10EFF), (0x10F46, 0x10F50), (0x10F82, 0x10F85), (0x11000, 0x11002), (0x11038, 0x11046), (0x11070, 0x11070),
    (0x11073, 0x11074), (0x1107F, 0x11082), (0x110B0, 0x110BA), (0x110C2, 0x110C2), (0x11100, 0x11102), (0x11127, 0x11134), (0x11145, 0x11146),
    (0x11173, 0x11173), (0x11180, 0x11182), (0x111B3, 0x111C0), (0x111C9, 0x111CC), (0x111CE, 0x111CF), (0x1122C, 0x11237), (0x1123E, 0x1123E),
    (0x11241, 0x11241), (0x112DF, 0x112EA), (0x11300, 0x11303), (0x1133B, 0x1133C), (0x1133E, 0x11344), (0x11347, 0x11348), (0x1134B, 0x1134D),
    (0x11357, 0x11357), (0x11362, 0x11363), (0x11366, 0x1136C), (0x11370, 0x11374), (0x113B8, 0x113C0), (0x113C2, 0x113C2), (0x113C5, 0x113C5),
    (0x113C7, 0x113CA), (0x113CC, 0x113D0), (0x113D2, 0x113D2), (0x113E1, 0x113E2), (0x11435, 0x11446), (0x1145E, 0x1145E), (0x114B0, 0x114C3),
    (0x115AF, 0x115B5), (0x115B8, 0x115C0), (0x115DC, 0x115DD), (0x11630, 0x11640), (0x116AB, 0x116B7), (0x1171D, 0x1172B), (0x1182C, 0x1183A),
    (0x11930, 0x11935), (0x11937, 0x11938), (0x1193B, 0x1193E), (0x11940, 0x11940), (0x11942, 0x11943), (0x119D1, 0x119D7), (0x119DA, 0x119E0),
    (0x119E4, 0x119E4), (0x11A01, 0x11A0A), (0x11A33, 0x11A39), (0x11A3B, 0x11A3E), (0x11A47, 0x11A47), (0x11A51, 0x11A5B), (0x11A8A, 0x11A99),
    (0x11B60, 0x11B67), (0x11C2F, 0x11C36), (0x11C38, 0x11C3F), (0x11C92, 0x11CA7), (0x11CA9, 0x11CB6), (0x11D31, 0x11D36), (0x11D3A, 0x11D3A),
    (0x11D3C, 0x11D3D), (0x11D3F, 0x11D45), (0x11D47, 0x11D47), (0x11D8A, 0x11D8E), (0x11D90, 0x11D91), (0x11D93, 0x11D97), (0x11DF0, 0x11DF0),
    (0x11EF3, 0x11EF6), (0x11F00, 0x11F01), (0x11F03, 0x11F03), (0x11F34, 0x11F3A), (0x11F3E, 0x11F42), (0x11F5A, 0x11F5A), (0x13440, 0x13440),
    (0x13447, 0x13455), (0x1611E, 0x1612F), (0x16AF0, 0x16AF4), (0x16B30, 0x16B36), (0x16F4F, 0x16F4F), (0x16F51, 0x16F87), (0x16F8F, 0x16F92),
    (0x16FE4, 0x16FE4), (0x16FF0, 0x16FF1), (0x1BC9D, 0x1BC9E), (0x1CF00, 0x1CF2D), (0x1CF30, 0x1CF46), (0x1D127, 0x1D128), (0x1D165, 0x1D169),
    (0x1D16D, 0x1D172), (0x1D17B, 0x1D182), (0x1D185, 0x1D18B), (0x1D1AA, 0x1D1AD), (0x1D242, 0x1D244), (0x1D250, 0x1D252), (0x1D25B, 0x1D25C),
    (0x1D25F, 0x1D25F), (0x1D280, 0x1D281), (0x1DA00, 0x1DA36), (0x1DA3B, 0x1DA6C), (0x1DA75, 0x1DA75), (0x1DA84, 0x1DA84), (0x1DA9B, 0x1DA9F),
    (0x1DAA1, 0x1DAAF), (0x1E000, 0x1E006), (0x1E008, 0x1E018), (0x1E01B, 0x1E021), (0x1E023, 0x1E024), (0x1E026, 0x1E02A), (0x1E08F, 0x1E08F),
    (0x1E130, 0x1E136), (0x1E2AE, 0x1E2AE), (0x1E2EC, 0x1E2EF), (0x1E4EC, 0x1E4EF), (0x1E5EE, 0x1E5EF), (0x1E6E3, 0x1E6E3), (0x1E6E6, 0x1E6E6),
    (0x1E6EE, 0x1E6EF), (0x1E6F5, 0x1E6F5), (0x1E8D0, 0x1E8D6), (0x1E944, 0x1E94A), (0xE0100, 0xE01EF),
];

/// Whether a character is a mark.
pub(super) fn is_combining_mark(character: char) -> bool {
    let code = u32::from(character);
    let after = MARKS.partition_point(|(first, _)| *first <= code);
    after.checked_sub(1).and_then(|index| MARKS.get(index)).is_some_and(|(_, last)| code <= *last)
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold_part;
    use super::*;
    use unicode_normalization::char as reference;

    fn folded(decompose: impl FnOnce(&mut dyn FnMut(char))) -> String {
        let mut folded = String::new();
        decompose(&mut |part| fold_part(part, &mut |letter| folded.push(letter)));
        folded
    }

    #[test]
    fn every_character_of_the_blocks_folds_as_unicode_has_it() {
        let mut bad = Vec::new();
        for block in [0xA0..=0x24F_u32, 0x370..=0x4FF, 0x600..=0x6FF, 0x1E00..=0x1EFF, 0x2000..=0x214F, 0xFB00..=0xFDFF, 0xFE70..=0xFFEF] {
            for character in block.filter_map(char::from_u32) {
                let ours = folded(|hand| decompose(character, hand));
                let theirs = folded(|hand| reference::decompose_compatible(character, hand));
                if ours != theirs {
                    bad.push((u32::from(character), ours, theirs));
                }
            }
        }
        assert!(bad.is_empty(), "{bad:x?}");
    }

    #[test]
    fn marks_are_those_of_unicode() {
        for character in '\0'..=char::MAX {
            assert_eq!(is_combining_mark(character), reference::is_combining_mark(character), "{character:?}");
        }
    }
}
