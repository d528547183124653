package flotilla.storage.s3;

import static flotilla.storage.StorageActions.refused;

import flotilla.storage.StorageException.Reason;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private final AtomicLong now = new AtomicLong();
    private final Breaker breaker = new Breaker("a service", Duration.ofSeconds(3), now::get);

    @BeforeEach
    void goAway() throws Exception {
        for (int i = 0; i < 3; i++) {
            breaker.enter();
            breaker.failed("no answer");
        }
    }

    @Test
    void aServiceThatIsAwayIsNotAskedForAWhile() {
        refused(Reason.IO, breaker::enter);
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        refused(Reason.IO, breaker::enter);
    }

    @Test
    void oneRequestAtATimeTriesAgain() throws Exception {
        now.addAndGet(Duration.ofSeconds(4).toNanos());
        breaker.enter();
        refused(Reason.IO, breaker::enter);
        breaker.failed("no answer");
        refused(Reason.IO, breaker::enter);
        now.addAndGet(Duration.ofSeconds(4).toNanos());
        breaker.enter();
    }

    @Test
    void anAnswerLetsAllThroughAgain() throws Exception {
        now.addAndGet(Duration.ofSeconds(4).toNanos());
        breaker.enter();
        breaker.answered();
        breaker.enter();
        breaker.enter();
        breaker.failed("no answer");
        breaker.enter();
    }
}
