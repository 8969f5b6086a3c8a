package dev.postern.rotation.lifecycle;

/// Where one key at most is active: the keys of one class that one holder has.
public record Slot(Holder holder, KeyClass keyClass) {}
