package dev.postern.chassis.problem;

/// What is wrong with one member of a request's document.
///
/// @param pointer which member (RFC 6901); the whole document when empty
/// @param detail one sentence of ours that says what to do; it quotes nothing
public record InvalidMember(String pointer, String detail) {}
