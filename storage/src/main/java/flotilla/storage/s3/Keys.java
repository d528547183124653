package flotilla.storage.s3;

import flotilla.storage.EscapedName;
import flotilla.storage.ReservedNames;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;

/**
 * The keys of the objects below a home. A file has the key of its path; a directory has the same with a slash at the
 * end.
 *
 * @param root what all keys of the home begin with; empty, or it ends with a slash
 */
record Keys(String root) {
    /** The longest key, in bytes of UTF-8 (Amazon S3 User Guide, "object key names"). */
    private static final int MOST_BYTES = 1024;

    /** The order of the bytes in UTF-8, in which a service lists keys. */
    static final Comparator<String> ORDER = Keys::compare;

    /**
     * Returns the keys of a home.
     *
     * @param prefix prefix of the store
     * @param home path of the home; empty for all of the store
     * @throws StorageException {@code ACCESS_DENIED} when it could lead elsewhere, {@code INVALID_NAME} for a reserved
     *     name
     */
    static Keys of(String prefix, String home) throws StorageException {
        String path = home.endsWith("/") ? home.substring(0, home.length() - 1) : home;
        if (path.isEmpty() && home.isEmpty()) {
            return new Keys(prefix);
        }
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                throw new StorageException(Reason.ACCESS_DENIED, "home " + home + " leads out of the store");
            }
        }
        VirtualPath names = VirtualPath.of(path);
        ReservedNames.check(names);
        return new Keys(new Keys(prefix).directory(names));
    }

    /**
     * Returns the key of a file.
     *
     * @throws StorageException {@code INVALID_NAME} for a reserved name, for one that is not UTF-8 and for a key that is
     *     too long
     */
    String file(VirtualPath path) throws StorageException {
        ReservedNames.check(path);
        StringBuilder key = new StringBuilder(root);
        String slash = "";
        for (String name : path.components()) {
            key.append(slash).append(keyOf(name));
            slash = "/";
        }
        if (key.toString().getBytes(StandardCharsets.UTF_8).length >= MOST_BYTES) {
            throw new StorageException(Reason.INVALID_NAME, "the key would be too long: " + path);
        }
        return key.toString();
    }

    /** Returns the key of a directory's marker, with which the keys below the directory begin. */
    String directory(VirtualPath path) throws StorageException {
        return path.isRoot() ? root : file(path) + "/";
    }

    private static String keyOf(String name) throws StorageException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(EscapedName.bytes(name)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new StorageException(Reason.INVALID_NAME, "a name that is not UTF-8: " + name, e);
        }
    }

    /** Returns the name that clients see; empty when they can see none. */
    static Optional<String> shown(String name) {
        String text = EscapedName.of(name.getBytes(StandardCharsets.UTF_8));
        boolean hidden = name.isEmpty() || name.equals(".") || name.equals("..") || ReservedNames.isReserved(text);
        return hidden ? Optional.empty() : Optional.of(text);
    }

    private static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // Pairs of surrogates stand for code points above all others.
                boolean pair = Character.isSurrogate(x);
                return pair == Character.isSurrogate(y) ? Character.compare(x, y) : pair ? 1 : -1;
            }
        }
        return a.length() - b.length();
    }
}
