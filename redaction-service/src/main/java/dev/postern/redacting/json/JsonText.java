package dev.postern.redacting.json;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// One JSON document in UTF-8 and the places of its leaves.
///
/// Guarantee: a document is accepted only if it is well-formed, without duplicate member names (two readers could
/// take different ones) unless it is embedded, at most 64 deep and with at most [#MOST_LEAVES] leaves. [#with] changes
/// the given leaves and keeps every other byte.
public final class JsonText {
    /// More in one document are refused: what a leaf costs in memory is many times what it costs to send.
    public static final int MOST_LEAVES = 50_000;

    private static final JsonFactory REPEATING = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxNumberLength(400)
                    .maxNameLength(4096)
                    .maxStringLength(16 << 20)
                    .build())
            .build();
    private static final JsonFactory STRICT = REPEATING
            .rebuild()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final byte[] bytes;
    private final boolean object;
    private final List<JsonLeaf> leaves;
    private final List<Change> dropped;

    private JsonText(byte[] bytes, boolean object, List<JsonLeaf> leaves, List<Change> dropped) {
        this.bytes = bytes;
        this.object = object;
        this.leaves = leaves;
        this.dropped = dropped;
    }

    public static JsonText parse(byte[] bytes) throws MalformedJson {
        return parse(STRICT, bytes, false, Set.of());
    }

    /// The same, but for members that are left out.
    ///
    /// @param dropped names of members whose values are replaced by `null` in [#with], and have no leaves
    public static JsonText parse(byte[] bytes, Set<String> dropped) throws MalformedJson {
        return parse(STRICT, bytes, false, dropped);
    }

    /// Like [#parse], but only strings become leaves: an answer with embeddings holds more numbers than may be kept.
    public static JsonText parseStrings(byte[] bytes, Set<String> dropped) throws MalformedJson {
        return parse(STRICT, bytes, true, dropped);
    }

    /// JSON that stands in a string. A member may stand in it twice: no leaf of it is anybody's grammar, so each is
    /// looked at, whichever of them a reader takes. Half of a surrogate pair is read as the escape that means it.
    public static JsonText parseEmbedded(String text) throws MalformedJson {
        return parse(REPEATING, JsonStrings.inUtf8(text).getBytes(StandardCharsets.UTF_8), false, Set.of());
    }

    private static JsonText parse(JsonFactory factory, byte[] bytes, boolean stringsOnly, Set<String> dropped)
            throws MalformedJson {
        // A NUL byte is never valid in UTF-8 JSON; without it no parser can take the bytes for UTF-16 or UTF-32.
        // A byte order mark is refused as well: RFC 8259 section 8.1.
        boolean ascii = true;
        for (byte b : bytes) {
            if (b == 0) {
                throw new MalformedJson();
            }
            ascii &= b > 0;
        }
        if (!ascii && ((bytes[0] & 0xFF) == 0xEF || !isUtf8(bytes))) {
            throw new MalformedJson();
        }
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), bytes)) {
            return new Reader(parser, bytes, stringsOnly, dropped).read();
        } catch (JacksonException _) {
            throw new MalformedJson();
        }
    }

    /// The parser lets overlong forms pass, which others read otherwise.
    private static boolean isUtf8(byte[] bytes) {
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException _) {
            return false;
        }
    }

    public boolean isObject() {
        return object;
    }

    public List<JsonLeaf> leaves() {
        return leaves;
    }

    /// The bytes of a leaf as they were written.
    public String raw(JsonLeaf leaf) {
        return new String(bytes, leaf.from(), leaf.to() - leaf.from(), StandardCharsets.UTF_8);
    }

    /// The first leaf of that kind and shape.
    public Optional<JsonLeaf> find(JsonLeaf.Kind kind, String shape) {
        return leaves.stream()
                .filter(leaf -> leaf.is(kind) && leaf.shape().equals(shape))
                .findFirst();
    }

    /// This document with the texts of some leaves replaced, each by a string, but for a number that another takes the
    /// place of; and without what is dropped.
    public byte[] with(Map<JsonLeaf, String> replaced) {
        if (replaced.isEmpty() && dropped.isEmpty()) {
            return bytes;
        }
        List<Change> changes = new ArrayList<>(dropped);
        replaced.forEach((leaf, text) -> changes.add(new Change(leaf.from(), leaf.to(), written(leaf, text))));
        changes.sort(Comparator.comparingInt(Change::from));
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 64);
        int copied = 0;
        for (Change change : changes) {
            out.write(bytes, copied, change.from() - copied);
            out.writeBytes(change.json().getBytes(StandardCharsets.UTF_8));
            copied = change.to();
        }
        out.write(bytes, copied, bytes.length - copied);
        return out.toByteArray();
    }

    /// @param json what stands instead of the bytes between
    private record Change(int from, int to, String json) {}

    private static String written(JsonLeaf leaf, String text) {
        return leaf.is(JsonLeaf.Kind.NUMBER) && text.matches("\\d{1,15}") ? text : JsonStrings.quoted(text);
    }

    /// Walks the tokens and, in lock-step, the bytes: the parser decides what is JSON, the cursor where it stands.
    private static final class Reader {
        private final JsonParser parser;
        private final byte[] bytes;
        private final boolean stringsOnly;
        private final Set<String> dropped;
        private final List<JsonLeaf> leaves = new ArrayList<>();
        private final List<Change> changes = new ArrayList<>();
        private int cursor;

        Reader(JsonParser parser, byte[] bytes, boolean stringsOnly, Set<String> dropped) {
            this.parser = parser;
            this.bytes = bytes;
            this.stringsOnly = stringsOnly;
            this.dropped = dropped;
        }

        JsonText read() throws MalformedJson {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new MalformedJson();
            }
            value(first, Place.ROOT);
            if (parser.nextToken() != null) {
                throw new MalformedJson();
            }
            return new JsonText(bytes, first == JsonToken.START_OBJECT, List.copyOf(leaves), List.copyOf(changes));
        }

        private void value(JsonToken token, Place place) throws MalformedJson {
            skipTo();
            switch (token) {
                case START_OBJECT -> object(place);
                case START_ARRAY -> array(place);
                case VALUE_STRING -> leaf(JsonLeaf.Kind.STRING, place, parser.getString(), stringEnd());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                    leaf(JsonLeaf.Kind.NUMBER, place, parser.getString(), literalEnd());
                case VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> cursor = literalEnd();
                case END_OBJECT, END_ARRAY, PROPERTY_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                    throw new MalformedJson();
            }
        }

        private void object(Place place) throws MalformedJson {
            cursor++;
            for (JsonToken token = next(); token != JsonToken.END_OBJECT; token = next()) {
                skipTo();
                String name = parser.currentName();
                Place member = place.member(name);
                leaf(JsonLeaf.Kind.NAME, member, name, stringEnd());
                if (dropped.contains(name)) {
                    drop(next(), member);
                } else {
                    value(next(), member);
                }
            }
            skipTo();
            cursor++;
        }

        private void drop(JsonToken token, Place place) throws MalformedJson {
            skipTo();
            int from = cursor;
            int before = leaves.size();
            value(token, place);
            leaves.subList(before, leaves.size()).clear();
            if (token != JsonToken.VALUE_NULL) {
                changes.add(new Change(from, cursor, "null"));
            }
        }

        private void array(Place place) throws MalformedJson {
            cursor++;
            String shape = place.elementShape();
            int position = 0;
            for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
                value(token, place.element(shape, position++));
            }
            skipTo();
            cursor++;
        }

        private JsonToken next() throws MalformedJson {
            @Nullable JsonToken token = parser.nextToken();
            if (token == null) {
                throw new MalformedJson();
            }
            return token;
        }

        private void leaf(JsonLeaf.Kind kind, Place place, String text, int end) throws MalformedJson {
            if (stringsOnly && kind != JsonLeaf.Kind.STRING) {
                cursor = end;
                return;
            }
            if (leaves.size() == MOST_LEAVES) {
                throw MalformedJson.tooMuch();
            }
            leaves.add(new JsonLeaf(kind, place.shape(), place.positions(), place.key(), text, cursor, end));
            cursor = end;
        }

        private void skipTo() {
            while (cursor < bytes.length && " \t\r\n,:".indexOf(bytes[cursor]) >= 0) {
                cursor++;
            }
        }

        private int stringEnd() {
            int end = cursor + 1;
            while (bytes[end] != '"') {
                end += bytes[end] == '\\' ? 2 : 1;
            }
            return end + 1;
        }

        private int literalEnd() {
            int end = cursor;
            while (end < bytes.length && " \t\r\n,]}".indexOf(bytes[end]) < 0) {
                end++;
            }
            return end;
        }
    }

    /// Where a value stands. Its shape is short, and the elements of an array share one, because a hostile document
    /// could otherwise make many long ones out of few bytes.
    private record Place(String shape, List<Integer> positions, String key) {
        static final Place ROOT = new Place("", List.of(), "");
        private static final int LONGEST_NAME = 64;
        private static final int LONGEST_SHAPE = 256;

        Place member(String name) {
            String plain = plain(name) ? name : "?";
            return new Place(bounded(shape.isEmpty() ? plain : shape + "." + plain), positions, name);
        }

        String elementShape() {
            return bounded(shape + "[]");
        }

        Place element(String elementShape, int position) {
            List<Integer> inner = new ArrayList<>(positions.size() + 1);
            inner.addAll(positions);
            inner.add(position);
            return new Place(elementShape, List.copyOf(inner), key);
        }

        /// Of a shape that no rule can mean only the first step is kept: it decides what `metadata` holds.
        private static String bounded(String shape) {
            if (shape.length() <= LONGEST_SHAPE) {
                return shape;
            }
            int step = shape.indexOf('.');
            return step < 0 ? "?" : shape.substring(0, step) + ".?";
        }

        private static boolean plain(String name) {
            if (name.length() > LONGEST_NAME) {
                return false;
            }
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                boolean ok = (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || c == '_'
                        || c == '-';
                if (!ok) {
                    return false;
                }
            }
            return !name.isEmpty();
        }
    }
}
