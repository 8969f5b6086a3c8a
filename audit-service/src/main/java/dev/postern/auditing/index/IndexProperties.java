package dev.postern.auditing.index;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the audit index is kept. The other settings are for PostgreSQL.
///
/// @param kind          `sqlite`: a file a day below the audit directory; `postgresql`: a schema a day in a database
/// @param url           of the database; with `sslmode=verify-full` unless it is on this machine
/// @param user          who owns the schemas, and may create them
/// @param passwordFile  read at each new connection; none where the server asks for none
/// @param connections   for questions, at most; four more write, rebuild and compare
/// @param schema        what the schemas' names begin with: another one for each platform in a database, and none
///                      that ends in `_rebuild`
@ConfigurationProperties("postern.audit-log.index")
public record IndexProperties(
        @DefaultValue("SQLITE") Kind kind,
        @DefaultValue("") String url,
        @DefaultValue("postern") String user,
        @Nullable Path passwordFile,
        @DefaultValue("8") int connections,
        @DefaultValue("postern_index") String schema) {
    private static final Pattern URL = Pattern.compile("jdbc:postgresql://(?<hosts>[A-Za-z0-9.:,\\[\\]-]{1,500})/"
            + "[A-Za-z0-9_-]{1,63}(\\?(?<parameters>[A-Za-z]+=[A-Za-z0-9._/-]+(&[A-Za-z]+=[A-Za-z0-9._/-]+)*))?");
    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");
    private static final Pattern SCHEMA = Pattern.compile("[a-z][a-z0-9_]{0,39}");
    private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");
    /// Nothing that would have the server's certificate checked less.
    private static final Set<String> PARAMETERS =
            Set.of("sslmode", "sslrootcert", "sslcert", "sslkey", "sslnegotiation", "targetServerType");
    private static final String VERIFIED = "sslmode=verify-full";
    private static final int MOST = 64;

    /// A store for the index.
    public enum Kind {
        SQLITE,
        POSTGRESQL
    }

    public IndexProperties {
        require(
                kind == Kind.POSTGRESQL || url.isEmpty(),
                "postern.audit-log.index.url is of PostgreSQL: set postern.audit-log.index.kind to postgresql, or leave"
                        + " the address out");
        if (kind == Kind.POSTGRESQL) {
            require(url);
        }
        require(!user.isBlank(), "postern.audit-log.index.user is a role of the database: set it");
        require(
                connections >= 1 && connections <= MOST,
                "postern.audit-log.index.connections is between 1 and " + MOST + ": set it so");
        require(
                SCHEMA.matcher(schema).matches(),
                "postern.audit-log.index.schema is up to 40 small letters, digits and _: postern_index");
        require(
                !schema.endsWith(DaySchemas.BESIDE),
                "postern.audit-log.index.schema may not end in " + DaySchemas.BESIDE + ", with which the schemas of a"
                        + " rebuild are named, and removed: choose another name");
    }

    /// The address is in no message: somebody may have put a password into it.
    private static void require(String url) {
        Matcher parts = URL.matcher(url);
        require(
                parts.matches(),
                "postern.audit-log.index.url is an address of the form jdbc:postgresql://host:5432/database, with"
                        + " parameters of plain signs after it: set it. User and password do not belong into it");
        Set<String> named = new HashSet<>();
        boolean verified = false;
        String parameters = parts.group("parameters");
        for (String parameter : parameters == null ? new String[0] : parameters.split("&", -1)) {
            String name = parameter.substring(0, parameter.indexOf('='));
            require(
                    PARAMETERS.contains(name) && named.add(name),
                    "postern.audit-log.index.url may have the parameters sslmode, sslrootcert, sslcert, sslkey,"
                            + " sslnegotiation and targetServerType, each once: leave others out; user and password"
                            + " have settings of their own");
            verified |= parameter.equals(VERIFIED);
        }
        boolean here = true;
        for (String host : parts.group("hosts").split(",", -1)) {
            here &= HERE.contains(PORT.matcher(host).replaceFirst(""));
        }
        require(
                verified || here,
                "postern.audit-log.index.url is of another machine and must end with ?sslmode=verify-full, and with"
                        + " &sslrootcert=FILE where the server's authority is your own");
    }

    private static void require(boolean is, String sentence) {
        if (!is) {
            throw new IllegalArgumentException(sentence);
        }
    }

    /// Without the address, which might hold what does not belong there.
    @Override
    public String toString() {
        return "IndexProperties[kind=" + kind + ", schema=" + schema + "]";
    }
}
