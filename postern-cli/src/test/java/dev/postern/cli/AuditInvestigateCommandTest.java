package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class AuditInvestigateCommandTest {
    @Test
    void tableWhenSomethingWasFoundThenNamesWhatToRevoke() {
        assertThat(AuditInvestigateCommand.table(JsonMapper.shared().readTree("""
                                {"event": {"type": "dev.postern.request.rejected", "time": "2026-11-23T12:00:00.000Z"},
                                 "credentials": ["jti-a"], "keys": ["kid-1"],
                                 "signed": [{"key": "kid-1", "type": "dev.postern.token.issued", "count": 2,
                                             "first": "2026-11-23T12:00:01.000Z", "last": "2026-11-23T12:00:02.000Z"}],
                                 "revoke": {"keys": ["kid-1"], "tokens": ["jti-a", "jti-b"], "sessions": [],
                                            "clients": ["demo"]},
                                 "truncated": true}
                                """)))
                .isEqualTo("""
                        event        dev.postern.request.rejected at 2026-11-23T12:00:00.000Z
                        credential   jti-a
                        signed by    kid-1
                          under it   2 dev.postern.token.issued, 2026-11-23T12:00:01.000Z to 2026-11-23T12:00:02.000Z
                        to revoke
                          keys       kid-1
                          tokens     jti-a jti-b
                          sessions   none
                          clients    demo
                                     There are more tokens than these: the newest are shown.
                        """);
    }
}
