package flotilla.storage;

/**
 * The permission bits of new files and directories.
 *
 * @param file POSIX permission bits of new files, 0 to 0777
 * @param directory POSIX permission bits of new directories, 0 to 0777
 */
public record NewModes(int file, int directory) {
    private static final int ALL = 0777;

    public NewModes {
        if ((file & ~ALL) != 0 || (directory & ~ALL) != 0) {
            throw new IllegalArgumentException("a mode is from 0 to 0777");
        }
    }

    /**
     * Returns what a umask leaves of 0666 for files and of 0777 for directories (umask(2)).
     *
     * @param umask the bits that new entries do not get, 0 to 0777
     */
    public static NewModes masked(int umask) {
        return new NewModes(0666 & ~umask, ALL & ~umask);
    }
}
