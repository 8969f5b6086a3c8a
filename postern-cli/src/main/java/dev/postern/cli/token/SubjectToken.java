package dev.postern.cli.token;

/// A token that is traded for a narrower one (RFC 8693).
///
/// @param type `subject_token_type`
public record SubjectToken(String token, String type) {
    public static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    public static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

    @Override
    public String toString() {
        return "SubjectToken[" + type + "]";
    }
}
