package dev.postern.client;

/// What a gateway's HTTP status means to who wants a session.
final class GatewayStatus {
    private GatewayStatus() {}

    static PosternFailure failure(int status) {
        return switch (status) {
            case 401 -> new PosternFailure.Reauthenticate();
            case 403 -> PosternFailure.Forbidden.bySomebody();
            default -> new PosternFailure.Unavailable();
        };
    }
}
