package dev.postern.rotation.directory;

/// Who is behind a request: the client, and for whom it acts. An operator with a certificate is both.
public record Person(String client, String subject) {
    /// Whether two requests may come from one person. A client that acts for itself counts as everyone who acts through
    /// it: whoever holds its key could be each of them.
    public boolean isSameAs(Person other) {
        return subject.equals(other.subject) || subject.equals(other.client) || client.equals(other.subject);
    }

    /// As the audit trail names them.
    public String actor() {
        return subject.equals(client) ? client : client + "/" + subject;
    }
}
