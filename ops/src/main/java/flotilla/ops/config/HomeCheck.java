package flotilla.ops.config;

import flotilla.cluster.MountPoint;
import flotilla.node.NodeSettings;
import flotilla.node.tree.HomePlace;
import flotilla.storage.ReservedNames;
import flotilla.storage.StoreSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Checks the home and the mounts that somebody gives to an account. */
public final class HomeCheck {
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
    private final String quarantine;

    /** Creates the check for the stores of a node. */
    public HomeCheck(NodeSettings node, Path dataDir) {
        this(
                node.storage().root(),
                dataDir,
                node.storage().standard(),
                node.storage().stores().stream()
                        .map(StoreSettings::name)
                        .filter(name -> !name.isEmpty())
                        .toList(),
                node.scan().quarantine());
    }

    /**
     * Creates the check.
     *
     * @param standard name of the default store; empty for the one in {@code root}
     * @param stores names of the stores that have one
     * @param quarantine home in which the scanner keeps infected files; empty for none
     */
    public HomeCheck(Path root, Path dataDir, String standard, List<String> stores, String quarantine) {
        this.stores = stores;
        this.quarantine = quarantine;
        this.standard = standard;
        this.root = root.toAbsolutePath().normalize();
        this.dataDir = dataDir.toAbsolutePath().normalize();
    }

    /**
     * Returns a note about a home outside of the storage root; empty when it is inside.
     *
     * @throws IllegalStateException when it cannot be a home; the message states the reason
     */
    public Optional<String> note(String home) {
        return note("--home", "home", home);
    }

    /**
     * Returns notes about mounts outside of the storage root.
     *
     * @throws IllegalStateException when these cannot be mounts; the message states the reason
     */
    public List<String> notes(List<MountPoint> mounts) {
        MountPoint.problem(mounts).ifPresent(problem -> {
            throw new IllegalStateException("--mount: " + problem);
        });
        for (MountPoint mount : mounts) {
            if (Arrays.stream(mount.path().split("/", -1)).anyMatch(ReservedNames::isReserved)) {
                throw new IllegalStateException("--mount " + mount.path() + ": a reserved name");
            }
        }
        return mounts.stream()
                .flatMap(mount -> note("--mount " + mount.path(), "place of " + mount.path(), mount.place()).stream())
                .toList();
    }

    private Optional<String> note(String option, String what, String given) {
        if (given.isBlank() || given.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalStateException(option + " must name a directory");
        }
        HomePlace place = HomePlace.of(given).among(stores);
        if (!quarantine.isEmpty()
                && meet(option, place, HomePlace.of(quarantine).among(stores))) {
            throw new IllegalStateException(
                    option + " " + given + " has files of the quarantine in it, storage.scan.quarantine");
        }
        if (!place.store().isEmpty()) {
            requireStore(option, place.store());
            return Optional.empty();
        }
        if (!standard.isEmpty()) {
            return Optional.empty(); // that store refuses what leads out of it
        }
        String home = place.path();
        Path resolved = resolved(option, home);
        if (resolved.startsWith(root)) {
            return Optional.empty();
        }
        if (!Path.of(home).isAbsolute()) {
            throw new IllegalStateException(option + " " + home + " leads out of the storage root " + root);
        }
        if (PARENTS.contains(resolved) || SYSTEM.stream().anyMatch(resolved::startsWith)) {
            throw new IllegalStateException(option + " " + home + " is a directory of the system");
        }
        if (resolved.startsWith(dataDir) || dataDir.startsWith(resolved)) {
            throw new IllegalStateException(option + " " + home + " holds files of the server itself, in " + dataDir);
        }
        return Optional.of("Note: the " + what + " " + resolved + " is outside of the storage root " + root + ".");
    }

    /** Returns whether one of two places lies in the other one. */
    private boolean meet(String option, HomePlace one, HomePlace other) {
        if (!nameOf(one).equals(nameOf(other))) {
            return false;
        }
        Path first = placed(option, one);
        Path second = placed("storage.scan.quarantine", other);
        return first.startsWith(second) || second.startsWith(first);
    }

    private String nameOf(HomePlace place) {
        return place.store().isEmpty() ? standard : place.store();
    }

    private Path placed(String option, HomePlace place) {
        boolean isAtRoot = nameOf(place).isEmpty();
        return resolved(option, isAtRoot ? place.path() : "/" + place.path());
    }

    private void requireStore(String option, String name) {
        if (!stores.contains(name)) {
            throw new IllegalStateException(option + ": there is no store " + name + " (flotilla.storage.stores has "
                    + (stores.isEmpty() ? "none" : String.join(", ", stores)) + ")");
        }
    }

    private Path resolved(String option, String home) {
        try {
            return root.resolve(home).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalStateException(option + " must name a directory: " + e.getReason(), e);
        }
    }
}
