package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A place that a user sees in his tree besides his home. A number of 0 means that the mount has no quota of its own.
 *
 * @param path where the user sees it: an absolute path in his tree, without a slash at its end and never {@code /}
 * @param place what he sees there, in the form of {@link User#home}
 * @param readOnly whether every change there is refused
 * @param quotaBytes most bytes that may be stored there
 * @param quotaFiles most files that may be stored there
 */
public record MountPoint(
        @Tag(1) String path,
        @Tag(2) String place,
        @Tag(3) boolean readOnly,
        @Tag(4) long quotaBytes,
        @Tag(5) long quotaFiles) {
    /** Most mounts of an account. */
    public static final int MOST = 64;
    /** Longest path of a mount, in bytes of UTF-8. */
    public static final int MAX_PATH_BYTES = 1024;

    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_DEPTH = 64;
    private static final int MAX_PLACE = 4096;

    /** A mount that may be changed and has no quota of its own. */
    public static MountPoint of(String path, String place) {
        return new MountPoint(path, place, false, 0, 0);
    }

    /** Returns whether what is stored there counts by itself, and not for the user's quota. */
    public boolean hasQuota() {
        return !readOnly && (quotaBytes > 0 || quotaFiles > 0);
    }

    /** Returns why these cannot be the mounts of one account; empty when they can. */
    public static Optional<String> problem(List<MountPoint> mounts) {
        if (mounts.size() > MOST) {
            return Optional.of("an account has at most " + MOST + " mounts");
        }
        Set<String> paths = new HashSet<>();
        for (MountPoint mount : mounts) {
            Optional<String> problem = mount.problem();
            if (problem.isPresent()) {
                return problem;
            }
            if (!paths.add(Normalizer.normalize(mount.path, Normalizer.Form.NFC))) {
                return Optional.of(mount.path + " is mounted twice");
            }
        }
        return Optional.empty();
    }

    private Optional<String> problem() {
        if (!isPath()) {
            return Optional.of("a mount needs an absolute path below /, such as /partners or /in/new, without . and"
                    + " .. and without a slash at its end, not " + (hasControl(path) ? "a control character" : path));
        }
        if (place.isBlank() || place.length() > MAX_PLACE || hasControl(place)) {
            return Optional.of("the mount " + path + " needs a place, such as archive:/partners or local:/srv/in");
        }
        return quotaBytes < 0 || quotaFiles < 0
                ? Optional.of("the quota of the mount " + path + " must be at least 0")
                : Optional.empty();
    }

    private boolean isPath() {
        if (!path.startsWith("/") || hasControl(path) || bytes(path) > MAX_PATH_BYTES) {
            return false;
        }
        String[] names = path.substring(1).split("/", -1);
        for (String name : names) {
            if (name.isEmpty() || name.equals(".") || name.equals("..") || bytes(name) > MAX_NAME_BYTES) {
                return false;
            }
        }
        return names.length <= MAX_DEPTH;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
