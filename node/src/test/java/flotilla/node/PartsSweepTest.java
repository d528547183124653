package flotilla.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.cluster.MountPoint;
import flotilla.node.fixture.MemoryBackends;
import flotilla.node.fixture.MemoryCluster;
import flotilla.node.fixture.Users;
import flotilla.node.tree.Mount;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.StorageBackend;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsSweepTest {
    private static final int ACCOUNTS = 250;

    private final MemoryBackends backends = new MemoryBackends();

    private boolean hasPart(int account) throws Exception {
        return hasPart("home" + account);
    }

    @Test
    void everyAccountIsSweptAlsoOneThatStaysAway() throws Exception {
        MemoryCluster cluster = new MemoryCluster(null);
        cluster.users().put(Users.user().named("lost").home("missing").make());
        for (int account = 0; account < ACCOUNTS; account++) {
            cluster.users()
                    .put(Users.user()
                            .named("user" + account)
                            .home("home" + account)
                            .make());
            leavePart("home" + account);
        }
        leavePart("mounted");
        leavePart("shown");
        leavePart("quarantine");
        cluster.users()
                .put(Users.user()
                        .named("mounts")
                        .mounts(MountPoint.of("/m", "mounted"), new MountPoint("/r", "shown", true, 0, 0))
                        .make());
        new PartsSweep(cluster.users(), List::of, backends, "quarantine", Duration.ofHours(1)).run();
        assertEquals(true, hasPart(0), "a young part stays");
        new PartsSweep(cluster.users(), List::of, backends, "quarantine", Duration.ZERO).run();
        for (int account = 0; account < ACCOUNTS; account++) {
            assertEquals(false, hasPart(account), "user" + account);
        }
        assertEquals(false, hasPart("mounted"), "a mount is swept, too");
        assertEquals(false, hasPart("quarantine"), "what a dead node was about to keep");
        assertEquals(true, hasPart("shown"), "a read-only mount is swept by those who may write there");
    }

    private StorageBackend tree(String home) throws Exception {
        return backends.open(new Mount(home, List.of(), false));
    }

    private void leavePart(String home) throws Exception {
        try (ByteSink sink = tree(home).write(VirtualPath.of("/f"), WriteMode.REPLACE)) {
            sink.write(ByteBuffer.wrap(new byte[1]));
            sink.abort(Remains.KEEP);
        }
    }

    private boolean hasPart(String home) throws Exception {
        return tree(home).partSize(VirtualPath.of("/f")).isPresent();
    }

    @Test
    void aShortAgeIsSweptOften() {
        assertEquals(Duration.ofHours(1), PartsSweep.period(Duration.ofDays(1)));
        assertEquals(Duration.ofSeconds(30), PartsSweep.period(Duration.ofMinutes(2)));
        assertEquals(Duration.ofSeconds(15), PartsSweep.period(Duration.ofSeconds(1)));
    }
}
