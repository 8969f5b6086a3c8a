package dev.postern.sts.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The clients a platform starts with, as the launcher or an operator wrote them: an array of [ClientDocument]s.
final class BootstrapFile {

    /// A client, and what tells whether the file says something else of it one day.
    record Entry(ClientRegistration client, String digest) {

        static Entry of(ClientRegistration client) {
            return new Entry(client, digest(ClientDocument.toJson(ClientDocument.of(client))));
        }

        String clientId() {
            return client.clientId();
        }

        private static String digest(String document) {
            try {
                return HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256").digest(document.getBytes(StandardCharsets.UTF_8)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }

    private BootstrapFile() {}

    /// Nothing when there is no such file.
    ///
    /// @throws IllegalStateException with one sentence if the file is not what it should be; nothing of its content
    ///     is in it but the place
    static Optional<List<Entry>> read(Path file) {
        try {
            JsonNode clients = ClientDocument.read(Files.readString(file));
            if (!clients.isArray()) {
                throw new IllegalStateException("the bootstrap clients must be a JSON array: " + file);
            }
            List<Entry> registrations = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (JsonNode client : clients) {
                ClientRegistration registration = registration(file, registrations.size(), client);
                if (!names.add(registration.clientId())) {
                    throw new IllegalStateException(
                            "the bootstrap clients name " + registration.clientId() + " twice: " + file);
                }
                registrations.add(new Entry(registration, Entry.digest(client.toString())));
            }
            return Optional.of(registrations);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException _) {
            throw new IllegalStateException("the bootstrap clients cannot be read: " + file);
        }
    }

    private static ClientRegistration registration(Path file, int index, JsonNode client) {
        try {
            return ClientDocument.parse(client).withVersion(0);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "bootstrap client " + index + " of " + file + " is refused: " + e.getMessage(), e);
        }
    }
}
