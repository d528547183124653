package flotilla.ops.cli;

import flotilla.node.tree.HomePlace;
import flotilla.ops.config.Configuration;
import flotilla.storage.StoreSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Checks a home from the command line. */
final class HomeCheck {
    /**
     * Directories of the system. A user whose home is one of them, or lies in one, controls the machine. Below /run and
     * /var an operator may mean another directory.
     */
    private static final List<Path> SYSTEM = List.of(
            Path.of("/etc"),
            Path.of("/bin"),
            Path.of("/boot"),
            Path.of("/dev"),
            Path.of("/lib"),
            Path.of("/lib64"),
            Path.of("/proc"),
            Path.of("/root"),
            Path.of("/sbin"),
            Path.of("/sys"),
            Path.of("/usr"));

    private static final List<Path> PARENTS =
            List.of(Path.of("/"), Path.of("/home"), Path.of("/run"), Path.of("/tmp"), Path.of("/var"));

    private final Path root;
    private final Path dataDir;
    private final String standard;
    private final List<String> stores;

    HomeCheck(Configuration configuration) {
        this(
                configuration.node().storage().root(),
                configuration.dataDir(),
                configuration.node().storage().standard(),
                configuration.node().storage().stores().stream()
                        .map(StoreSettings::name)
                        .filter(name -> !name.isEmpty())
                        .toList());
    }

    /**
     * Creates the check.
     *
     * @param standard name of the default store; empty for the one in {@code root}
     * @param stores names of the stores that have one
     */
    HomeCheck(Path root, Path dataDir, String standard, List<String> stores) {
        this.stores = stores;
        this.standard = standard;
        this.root = root.toAbsolutePath().normalize();
        this.dataDir = dataDir.toAbsolutePath().normalize();
    }

    /**
     * Returns a note about a home outside of the storage root; empty when it is inside.
     *
     * @throws IllegalStateException when it cannot be a home; the message states the reason
     */
    Optional<String> note(String home) {
        if (home.isBlank() || home.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalStateException("--home must name a directory");
        }
        HomePlace place = HomePlace.of(home);
        if (!place.store().isEmpty()) {
            requireStore(place.store());
            return Optional.empty();
        }
        if (!standard.isEmpty()) {
            return Optional.empty(); // that store refuses what leads out of it
        }
        Path resolved = resolved(home);
        if (resolved.startsWith(root)) {
            return Optional.empty();
        }
        if (!Path.of(home).isAbsolute()) {
            throw new IllegalStateException("--home " + home + " leads out of the storage root " + root);
        }
        if (PARENTS.contains(resolved) || SYSTEM.stream().anyMatch(resolved::startsWith)) {
            throw new IllegalStateException("--home " + home + " is a directory of the system");
        }
        if (resolved.startsWith(dataDir) || dataDir.startsWith(resolved)) {
            throw new IllegalStateException("--home " + home + " holds files of the server itself, in " + dataDir);
        }
        return Optional.of("Note: the home " + resolved + " is outside of the storage root " + root + ".");
    }

    private void requireStore(String name) {
        if (!stores.contains(name)) {
            throw new IllegalStateException("--home: there is no store " + name + " (flotilla.storage.stores has "
                    + (stores.isEmpty() ? "none" : String.join(", ", stores)) + ")");
        }
    }

    private Path resolved(String home) {
        try {
            return root.resolve(home).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalStateException("--home must name a directory: " + e.getReason(), e);
        }
    }
}
