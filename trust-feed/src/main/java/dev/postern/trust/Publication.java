package dev.postern.trust;

/// What became of a change that was published.
public enum Publication {
    /// It is on the feed: followers that hear the feed know it within milliseconds.
    ON_FEED,
    /// Redis did not take it yet, and is tried again. Followers that lose the feed read it over HTTPS meanwhile.
    PENDING
}
