package dev.postern.chassis.person;

/// Who is behind a request, so that two who must be different persons can be told apart: the client, and for whom it
/// acts. Of a certificate both are its name.
public record Person(Means means, String client, String subject) {
    /// How they prove who they are.
    public enum Means {
        CERTIFICATE,
        TOKEN
    }

    public static Person byCertificate(String name) {
        return new Person(Means.CERTIFICATE, name, name);
    }

    public static Person byToken(String client, String subject) {
        return new Person(Means.TOKEN, client, subject);
    }

    /// Whether two requests may come from one person. A client that acts for itself counts as everyone who acts through
    /// it: whoever holds its key could be each of them. So does the holder of a certificate count as whoever has a
    /// token: their names say nothing about each other.
    public boolean isSameAs(Person other) {
        return means != other.means
                || subject.equals(other.subject)
                || subject.equals(other.client)
                || client.equals(other.subject);
    }

    /// As the audit trail names them.
    public String actor() {
        return subject.equals(client) ? client : client + "/" + subject;
    }
}
