package dev.postern.sts.admin;

import dev.postern.chassis.person.Person;
import dev.postern.token.AccessToken;
import java.net.InetAddress;

/// Who calls, as the verified token says.
///
/// @param address of the connection
record AdminCaller(String clientId, String subject, String sessionId, String tokenId, InetAddress address) {

    static AdminCaller of(AccessToken token, InetAddress address) {
        return new AdminCaller(token.clientId(), token.subject(), token.sessionId(), token.tokenId(), address);
    }

    Person person() {
        return Person.byToken(clientId, subject);
    }

    /// As the audit trail names them.
    String actor() {
        return person().actor();
    }
}
