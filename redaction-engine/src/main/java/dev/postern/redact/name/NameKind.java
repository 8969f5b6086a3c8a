package dev.postern.redact.name;

/// What a name is the name of.
public enum NameKind {
    PERSON,
    LOCATION,
    ORGANIZATION,
    /// Nationalities, religions and political groups.
    NRP,
    /// A street with its number, and what follows it.
    ADDRESS,
    /// Titles, products and events: known only to be told apart, never reported.
    OTHER
}
