package dev.postern.sts.exchange;

/// What is to be exchanged (RFC 8693 section 2.1); nothing of it is verified.
///
/// @param type `subject_token_type`
public record SubjectToken(String compact, String type) {

    static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    static final String JWT = "urn:ietf:params:oauth:token-type:jwt";
    static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";

    @Override
    public String toString() {
        return "SubjectToken[" + type + "]";
    }
}
