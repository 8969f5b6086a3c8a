package dev.postern.redacting.answer;

/// One text that grows over many events: the content of a choice, the arguments of one of its tool calls, the text of
/// an output item.
sealed interface Channel permits ChoiceChannel, ItemChannel {
    /// Whether the text is JSON by its place.
    boolean json();

    /// Whether it is the answer itself, which is JSON when the caller asked for that.
    boolean content();

    /// Whether it is text that a model wrote, not sound.
    boolean written();

    /// The member of a tool call's arguments that it is, where these come as an object; empty for any other.
    String key();
}
