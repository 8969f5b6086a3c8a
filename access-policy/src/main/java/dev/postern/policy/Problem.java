package dev.postern.policy;

/// One thing that keeps a document from being taken.
///
/// @param path where, as a JSON pointer (RFC 6901); empty for the document as a whole
/// @param sentence what to mend; may quote the document, which holds no secrets
public record Problem(String path, String sentence) {}
