package flotilla.storage.s3;

import static flotilla.storage.StorageActions.refused;

import flotilla.storage.StorageException.Reason;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private final AtomicLong now = new AtomicLong();
    private final Breaker breaker = new Breaker("a service", Duration.ofSeconds(3), now::get);

    private void goAway() throws Exception {
        for (int i = 0; i < 3; i++) {
            breaker.enter(true);
            breaker.failed(true, "no answer");
        }
    }

    @Test
    void aServiceThatIsAwayIsNotAskedForAWhile() throws Exception {
        goAway();
        refused(Reason.IO, () -> breaker.enter(true));
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        refused(Reason.IO, () -> breaker.enter(true));
    }

    @Test
    void oneRequestAtATimeTriesAgain() throws Exception {
        goAway();
        now.addAndGet(Duration.ofSeconds(4).toNanos());
        breaker.enter(true);
        refused(Reason.IO, () -> breaker.enter(true));
        breaker.failed(true, "no answer");
        refused(Reason.IO, () -> breaker.enter(true));
        now.addAndGet(Duration.ofSeconds(4).toNanos());
        breaker.enter(true);
    }

    @Test
    void anAnswerLetsAllThroughAgain() throws Exception {
        goAway();
        now.addAndGet(Duration.ofSeconds(4).toNanos());
        breaker.enter(true);
        breaker.answered(true);
        breaker.enter(true);
        breaker.enter(true);
        breaker.failed(true, "no answer");
        breaker.enter(true);
    }

    @Test
    void aSilentServiceHoldsFewShortRequestsBeforeAnyFails() throws Exception {
        for (int i = 0; i < 8; i++) {
            breaker.enter(true);
        }
        breaker.enter(true);
        now.addAndGet(Duration.ofSeconds(3).toNanos());
        refused(Reason.IO, () -> breaker.enter(true));
        breaker.enter(false);
        breaker.answered(true);
        breaker.enter(true);
    }

    @Test
    void requestsThatCarryBytesMayTakeLong() throws Exception {
        for (int i = 0; i < 50; i++) {
            breaker.enter(false);
        }
        now.addAndGet(Duration.ofSeconds(20).toNanos());
        breaker.enter(true);
        breaker.enter(false);
    }
}
