//! Both languages, small and large screens, themes, names for screen readers, contrast.
