package dev.postern.gateway.live;

import java.time.Duration;
import org.springframework.beans.factory.InitializingBean;

/// What has to be done about live requests again and again: end what expired, ask policy anew because the time of day
/// is one of its facts, and write the list.
final class LiveRounds implements InitializingBean {
    private static final Duration EXPIRY = Duration.ofMillis(50);
    private static final Duration LIST = Duration.ofSeconds(1);
    private static final Duration POLICY = Duration.ofSeconds(5);

    private final LiveRequests requests;
    private final LiveList list;
    private final LiveThread thread;

    LiveRounds(LiveRequests requests, LiveList list, LiveThread thread) {
        this.requests = requests;
        this.list = list;
        this.thread = thread;
    }

    @Override
    public void afterPropertiesSet() {
        requests.follow();
        thread.every(EXPIRY, requests::expire);
        thread.every(LIST, () -> list.write(requests.all()));
        thread.every(POLICY, () -> requests.reconsider(_ -> true));
    }
}
