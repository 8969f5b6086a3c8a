package dev.postern.cli.demo;

/// What a check found.
public record CheckResult(String id, boolean ok, String detail, long ms) {}
