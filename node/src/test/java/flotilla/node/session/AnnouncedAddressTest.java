package flotilla.node.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The name in {@code passive.address} is looked up again, on other threads than those that need the address. */
class AnnouncedAddressTest {
    private static final Duration SOON = Duration.ofMillis(1);

    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService blocking = Executors.newSingleThreadExecutor();
    /** The answers of the next lookups. Once the test has put an answer, the one before has had its effect. */
    private final SynchronousQueue<String[]> answers = new SynchronousQueue<>();

    @AfterEach
    void stop() {
        timers.shutdownNow();
        blocking.shutdownNow();
    }

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    private AnnouncedAddress named(String name) throws UnknownHostException {
        AnnouncedAddress announced = new AnnouncedAddress(
                Optional.of(new AnnouncedAddress.Configured(name, (Inet4Address) address("192.0.2.1"), SOON)),
                asked -> {
                    assertEquals(name, asked);
                    try {
                        String[] answer = answers.take();
                        if (answer.length == 0) {
                            throw new UnknownHostException(asked);
                        }
                        InetAddress[] found = new InetAddress[answer.length];
                        for (int i = 0; i < answer.length; i++) {
                            found[i] = address(answer[i]);
                        }
                        return found;
                    } catch (InterruptedException e) {
                        throw new UnknownHostException("stopped");
                    }
                });
        announced.start(timers, blocking);
        return announced;
    }

    private void find(String... found) throws InterruptedException {
        assertTrue(answers.offer(found, 30, TimeUnit.SECONDS));
    }

    private void assertTold(AnnouncedAddress announced, String expected) throws Exception {
        assertEquals(Optional.of(address(expected)), announced.current());
    }

    @Test
    void theLastGoodAddressCountsUntilThereIsAnother() throws Exception {
        AnnouncedAddress announced = named("ftp.example.org");
        assertTold(announced, "192.0.2.1");
        find();
        find("2001:db8::1");
        assertTold(announced, "192.0.2.1");
        find("2001:db8::1", "192.0.2.2");
        find("192.0.2.3", "192.0.2.2");
        assertTold(announced, "192.0.2.2");
        find();
        assertTold(announced, "192.0.2.2");
    }

    @Test
    void anAddressIsNeverLookedUp() throws Exception {
        AnnouncedAddress announced = named("192.0.2.1");
        timers.schedule(() -> {}, 20, TimeUnit.MILLISECONDS).get();
        assertEquals(false, answers.offer(new String[] {"192.0.2.9"}));
        assertTold(announced, "192.0.2.1");
    }
}
