package dev.postern.redacting.answer;

import dev.postern.redacting.json.JsonLeaf;
import dev.postern.redacting.json.JsonText;
import dev.postern.redacting.json.MalformedJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One event of a stream: which strings belong to which growing text, and which texts end here.
sealed interface StreamEvent permits ChoicesEvent, ItemEvent {
    /// Reads one event.
    ///
    /// @param dropped names of members that go to nobody
    static StreamEvent parse(byte[] event, Set<String> dropped) throws AnswerRefused {
        try {
            JsonText json = JsonText.parse(event, dropped);
            return json.find(JsonLeaf.Kind.STRING, "type")
                    .map(JsonLeaf::text)
                    .filter(type -> type.startsWith("response."))
                    .<StreamEvent>map(type -> new ItemEvent(json, type))
                    .orElseGet(() -> new ChoicesEvent(json));
        } catch (MalformedJson _) {
            throw new AnswerRefused();
        }
    }

    JsonText json();

    /// The growing text that a string continues, or empty when the string stands for itself.
    Optional<Channel> channel(JsonLeaf string);

    /// Whether nothing more comes of a text after this event.
    boolean ends(Channel channel);

    /// Events like this one, that carry what was held of some texts.
    ///
    /// @param inserted how many events this stream was given that the model did not send
    List<byte[]> carrying(Map<Channel, String> rests, int inserted);

    /// Members to write anew after `inserted` events were put into the stream.
    Map<JsonLeaf, String> renumbered(int inserted);
}
