package flotilla.ops.cli;

import flotilla.cluster.MountPoint;
import flotilla.cluster.Umask;
import flotilla.cluster.User;
import flotilla.node.tree.HomePlace;
import flotilla.ops.config.Configuration;
import flotilla.storage.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes the home and the mounts of a new account on this machine, for the server's user. */
final class HomeMaker {
    private static final int ALL = 0777;
    /** The permissions from the lowest bit on. */
    private static final PosixFilePermission[] BITS = {
        PosixFilePermission.OTHERS_EXECUTE,
        PosixFilePermission.OTHERS_WRITE,
        PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_READ
    };

    private final Path root;
    private final Path dataDir;
    private final boolean hasRoot;
    private final int mode;
    private final List<String> stores;

    HomeMaker(Configuration configuration) {
        root = configuration.node().storage().root();
        dataDir = configuration.dataDir();
        stores = configuration.node().storage().stores().stream()
                .map(StoreSettings::name)
                .toList();
        hasRoot = configuration.node().storage().hasRoot();
        mode = Integer.parseInt(
                configuration.node().storage().stores().stream()
                        .filter(store -> store.name().isEmpty())
                        .findFirst()
                        .flatMap(store -> store.find("directory-mode"))
                        .orElse("0750"),
                8);
    }

    /**
     * Makes a home, the places of mounts in the default store, and the directories above them that are missing, with the
     * modes that the server would give them. They belong to the owner of the data directory.
     *
     * @return what was not there and is made
     * @throws IllegalStateException when it is in a store with a name
     * @throws IOException when it cannot be made
     */
    List<String> make(User user) throws IOException {
        HomePlace place = HomePlace.of(user.home()).among(stores);
        if (!hasRoot || !place.store().isEmpty()) {
            throw new IllegalStateException(
                    "--mkdir: the home " + user.home() + " is in another store, which makes it at the first login");
        }
        List<String> made = new ArrayList<>();
        make(user, place).ifPresent(home -> made.add("Home " + home));
        for (MountPoint mount : user.mounts()) {
            HomePlace other = HomePlace.of(mount.place()).among(stores);
            if (other.store().isEmpty()) {
                make(user, other).ifPresent(path -> made.add("Place " + path + " of " + mount.path()));
            }
        }
        return made;
    }

    private Optional<Path> make(User user, HomePlace place) throws IOException {
        Path home = root.resolve(place.path()).toAbsolutePath().normalize();
        if (Files.isDirectory(home)) {
            return Optional.empty();
        }
        Deque<Path> missing = new ArrayDeque<>();
        for (Path path = home; path != null && !Files.exists(path); path = path.getParent()) {
            missing.push(path);
        }
        int own =
                user.umask().isEmpty() ? mode : ALL & ~Umask.parse(user.umask()).orElse(0);
        for (Path path : missing) {
            Files.createDirectory(path);
            Files.setPosixFilePermissions(path, permissions(path.equals(home) ? own : mode));
            giveToServer(path);
        }
        return Optional.of(home);
    }

    private void giveToServer(Path made) throws IOException {
        if (Files.isDirectory(dataDir)) {
            UserPrincipal server = Files.getOwner(dataDir);
            if (!Files.getOwner(made).equals(server)) {
                Files.setOwner(made, server);
            }
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < BITS.length; i++) {
            if ((mode >> i & 1) == 1) {
                permissions.add(BITS[i]);
            }
        }
        return permissions;
    }
}
