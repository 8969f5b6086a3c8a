package dev.postern.sts.admin;

import dev.postern.sts.approval.Person;
import dev.postern.token.AccessToken;

/// Who calls, as the verified token says.
record AdminCaller(String clientId, String subject, String sessionId, String tokenId) {

    static AdminCaller of(AccessToken token) {
        return new AdminCaller(token.clientId(), token.subject(), token.sessionId(), token.tokenId());
    }

    Person person() {
        return new Person(clientId, subject);
    }

    /// As the audit trail names them.
    String actor() {
        return person().actor();
    }
}
