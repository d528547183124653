package flotilla.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MountPointTest {
    private static Optional<String> problem(MountPoint... mounts) {
        return MountPoint.problem(List.of(mounts));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "in", "/in/", "//in", "/a/../in", "/./in", "/a\nb", "/a\u0000"})
    void aPathIsAbsoluteAndNormal(String path) {
        assertTrue(problem(MountPoint.of(path, "local:/srv/in")).isPresent(), path);
    }

    @Test
    void nestedMountsAreAllowedAndTheSamePathTwiceIsNot() {
        MountPoint in = MountPoint.of("/in", "local:/srv/in");
        assertEquals(Optional.empty(), problem(in, MountPoint.of("/in/new", "archive:/new")));
        assertTrue(problem(in, MountPoint.of("/in", "archive:/new")).isPresent());
        assertTrue(
                problem(MountPoint.of("/\u00e4", "a"), MountPoint.of("/a\u0308", "b"))
                        .isPresent(),
                "the same name, composed and not");
    }

    @Test
    void anAccountHasABoundedNumber() {
        List<MountPoint> most = new java.util.ArrayList<>();
        for (int i = 0; i < MountPoint.MOST; i++) {
            most.add(MountPoint.of("/" + i, "local:/srv/" + i));
        }
        assertEquals(Optional.empty(), MountPoint.problem(most));
        most.add(MountPoint.of("/more", "local:/srv"));
        assertTrue(MountPoint.problem(most).isPresent());
    }

    @Test
    void aPlaceAndAQuotaAreChecked() {
        assertTrue(problem(MountPoint.of("/in", " ")).isPresent());
        assertTrue(problem(MountPoint.of("/in", "a\rb")).isPresent());
        assertTrue(problem(new MountPoint("/in", "a", false, -1, 0)).isPresent());
        assertEquals(Optional.empty(), MountPoint.problem(Collections.emptyList()));
    }
}
