package flotilla.ops.cli;

import flotilla.cluster.MountPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Reads and shows mounts as the option {@code --mount} has them. */
final class MountValues {
    private static final String READ_ONLY = "read-only";
    private static final String QUOTA = "quota=";
    private static final String QUOTA_FILES = "quota-files=";

    private MountValues() {}

    /**
     * Returns the mounts of an account after some options.
     *
     * @param removed paths of mounts to remove
     * @param added texts of mounts, each of which replaces one at its path
     * @throws IllegalStateException when a text is none, or there is no such mount
     */
    static List<MountPoint> changed(List<MountPoint> before, List<String> removed, List<String> added) {
        List<MountPoint> mounts = new ArrayList<>(before);
        for (String path : removed) {
            if (!mounts.removeIf(mount -> mount.path().equals(path))) {
                throw new IllegalStateException("--remove-mount: there is no mount " + path);
            }
        }
        for (String text : added) {
            MountPoint mount = parse(text);
            int there = mounts.stream().map(MountPoint::path).toList().indexOf(mount.path());
            if (there < 0) {
                mounts.add(mount);
            } else {
                mounts.set(there, mount);
            }
        }
        return mounts;
    }

    /** Reads {@code /PATH=PLACE}, followed by words such as {@code ,read-only}. A place may hold commas itself. */
    static MountPoint parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || !text.startsWith("/")) {
            throw new IllegalStateException("--mount needs /PATH=PLACE, such as /partners=archive:/partners,read-only"
                    + " or /in=local:/srv/in,quota=10G, not " + text);
        }
        List<String> words =
                new ArrayList<>(Arrays.asList(text.substring(equals + 1).split(",", -1)));
        boolean readOnly = false;
        long bytes = 0;
        long files = 0;
        while (words.size() > 1 && isOption(words.get(words.size() - 1))) {
            String word = words.remove(words.size() - 1);
            if (word.equals(READ_ONLY)) {
                readOnly = true;
            } else if (word.startsWith(QUOTA)) {
                bytes = AccountValues.size("--mount quota", word.substring(QUOTA.length()), 0);
            } else {
                files = AccountValues.size("--mount quota-files", word.substring(QUOTA_FILES.length()), 0);
            }
        }
        return new MountPoint(text.substring(0, equals), String.join(",", words), readOnly, bytes, files);
    }

    private static boolean isOption(String word) {
        return word.equals(READ_ONLY) || word.startsWith(QUOTA) || word.startsWith(QUOTA_FILES);
    }

    /** The text of a mount, as {@link #parse} reads it. */
    static String text(MountPoint mount) {
        StringBuilder text = new StringBuilder(mount.path()).append('=').append(mount.place());
        if (mount.readOnly()) {
            text.append(',').append(READ_ONLY);
        }
        if (mount.quotaBytes() > 0) {
            text.append(String.format(Locale.ROOT, ",%s%d", QUOTA, mount.quotaBytes()));
        }
        if (mount.quotaFiles() > 0) {
            text.append(String.format(Locale.ROOT, ",%s%d", QUOTA_FILES, mount.quotaFiles()));
        }
        return text.toString();
    }
}
