package dev.postern.archive;

import dev.postern.audit.BodyCaptured;
import dev.postern.audit.SealedPart;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/// A sealed body as the audit log holds it: in parts, each of which fits into a leaf.
///
/// @param sealed octets of a [SealedBody]
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Capture(CaptureName name, byte[] sealed) {
    /// Octets of the longest sealed body.
    public static final int LONGEST = BodyCaptured.MOST_PARTS * SealedPart.LONGEST;

    public Capture {
        if (sealed.length == 0 || sealed.length > LONGEST) {
            throw new IllegalArgumentException("a sealed body has 1 to " + LONGEST + " octets");
        }
    }

    /// One event a part, in order.
    public List<BodyCaptured> events() {
        int parts = (sealed.length + SealedPart.LONGEST - 1) / SealedPart.LONGEST;
        String digest = digest();
        List<BodyCaptured> events = new ArrayList<>();
        for (int part = 1; part <= parts; part++) {
            int from = (part - 1) * SealedPart.LONGEST;
            byte[] octets = Arrays.copyOfRange(sealed, from, Math.min(sealed.length, from + SealedPart.LONGEST));
            events.add(new BodyCaptured(
                    name.captureId(),
                    name.requestId(),
                    name.clientId(),
                    name.tenant(),
                    name.kind(),
                    part,
                    parts,
                    digest,
                    SealedPart.of(octets)));
        }
        return events;
    }

    /// The inverse of [#events], from the fields that were logged.
    ///
    /// @param parts in any order
    /// @return nothing unless they are all parts of one capture, each once, and have its digest
    public static Optional<Capture> join(List<? extends Map<String, ?>> parts) {
        List<? extends Map<String, ?>> ordered = parts.stream()
                .sorted((one, other) -> Integer.compare(number(one, "part"), number(other, "part")))
                .toList();
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        try {
            CaptureName name = name(ordered.getFirst());
            for (int i = 0; i < ordered.size(); i++) {
                Map<String, ?> part = ordered.get(i);
                if (!name(part).equals(name)
                        || number(part, "part") != i + 1
                        || number(part, "parts") != ordered.size()) {
                    return Optional.empty();
                }
                sealed.writeBytes(Base64.getUrlDecoder().decode(text(part, "sealed")));
            }
            Capture capture = new Capture(name, sealed.toByteArray());
            return ordered.stream().allMatch(part -> text(part, "digest").equals(capture.digest()))
                    ? Optional.of(capture)
                    : Optional.empty();
        } catch (IllegalArgumentException | NoSuchElementException _) {
            return Optional.empty();
        }
    }

    private static CaptureName name(Map<String, ?> part) {
        return new CaptureName(
                text(part, "capture_id"),
                text(part, "request_id"),
                text(part, "client_id"),
                text(part, "tenant"),
                text(part, "kind"));
    }

    private static String text(Map<String, ?> part, String field) {
        return part.get(field) instanceof String text ? text : "";
    }

    private static int number(Map<String, ?> part, String field) {
        return part.get(field) instanceof Integer number ? number : 0;
    }

    private String digest() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(sealed));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Capture[" + name.label() + ", " + sealed.length + " octets]";
    }
}
