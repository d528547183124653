package flotilla.node.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    @Test
    void anUploadThatGoesOnInALargeFileHasTimeUntilTheStorageHasCopiedIt() {
        Duration stall = Duration.ofSeconds(60);
        assertEquals(stall, Watchdog.patience(stall, 0));
        assertEquals(stall.plusMinutes(10), Watchdog.patience(stall, 6_000L * (1 << 20)));
    }
}
