package flotilla.cluster.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.MountPoint;
import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.User;
import flotilla.cluster.hazelcast.RecordTable;
import java.io.NotSerializableException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WireMutationTest {
    private static final int INPUTS = 200_000;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record State(
            @Tag(1) User user,
            @Tag(2) Map<String, List<Long>> map,
            @Tag(3) Optional<Set<String>> option,
            @Tag(4) InetAddress address,
            @Tag(5) Object any,
            @Tag(6) byte[] bytes) {}

    /** Any other failure, such as an OutOfMemoryError, fails the test by itself. */
    @Test
    void changedBytesAreReadOrRefusedWithTheOneException() throws UnknownHostException {
        WireCodec codec = new WireCodec(WireTypes.of(RecordTable.types(), Map.of(200, State.class)));
        byte[] good = codec.encode(state());
        Random random = new Random(20_261_122);
        int refused = 0;
        for (int i = 0; i < INPUTS; i++) {
            try {
                codec.decode(mutate(good, random));
            } catch (NotSerializableException e) {
                refused++;
            }
        }
        assertTrue(refused > INPUTS / 4, refused + " refused");
    }

    private static byte[] mutate(byte[] good, Random random) {
        byte[] bytes = good.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? 0xff : random.nextInt(256));
        }
        return random.nextInt(4) == 0 ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 8)) : bytes;
    }

    private static State state() throws UnknownHostException {
        User user = new User(
                "alice",
                "$argon2id$",
                "/home/alice",
                List.of(new PathRule("/", Set.of(Permission.READ, Permission.LIST))),
                true,
                List.of("192.0.2.0/24"),
                3,
                1,
                2,
                3,
                4,
                5,
                Instant.ofEpochSecond(1_700_000_000),
                true,
                User.TlsRequirement.CONTROL_AND_DATA,
                true,
                List.of("sha256:00"),
                List.of(),
                "027",
                "staff",
                "Shift_JIS",
                List.of(MountPoint.of("/in", "local:/srv/in")));
        return new State(
                user,
                Map.of("a", List.of(1L, 2L), "b", List.of()),
                Optional.of(Set.of("x")),
                InetAddress.getByName("192.0.2.1"),
                new PathRule("/x", Set.of()),
                new byte[] {1, 2, 3});
    }
}
