package dev.postern.cli.proof;

/// Something that must not be. Says where and what, and quotes nothing.
///
/// @param place  a file below the home, or a key in Redis
/// @param offset in octets from the beginning
public record Finding(String place, int offset, String what) {}
