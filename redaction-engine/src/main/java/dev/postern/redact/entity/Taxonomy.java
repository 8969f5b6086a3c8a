package dev.postern.redact.entity;

/// Whose names entities are given.
public enum Taxonomy {
    POSTERN,
    /// Presidio 2.2.
    PRESIDIO,
    /// Amazon Comprehend's PII entity types.
    COMPREHEND,
    /// phileas 4's filter types.
    PHILEAS
}
