package flotilla.ops.e2e;

import java.nio.file.Path;

/**
 * A user of a server under test.
 *
 * @param home its directory on this machine
 */
public record Account(String name, String password, Path home) {
    @Override
    public String toString() {
        return name;
    }
}
