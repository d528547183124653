package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An account. A number of 0 means that the account has no limit of its own; the node's settings still apply.
 *
 * @param name name as given to USER; 1 to 255 bytes of UTF-8 without control characters
 * @param passwordHash encoded Argon2id ({@code $argon2id$v=19$…}), or a hash of another system until the first login
 *     with it; empty when only a client certificate logs in
 * @param home absolute directory, or a directory relative to the storage root
 * @param rules permissions by path prefix; empty allows everything everywhere
 * @param readOnly whether every change is refused, whatever the rules allow
 * @param allowedNetworks CIDR blocks that the user may come from; empty allows any
 * @param maxSessions most sessions at once
 * @param uploadBytesPerSecond upload rate, shared by all sessions of the user
 * @param downloadBytesPerSecond download rate, shared by all sessions of the user
 * @param maxFileBytes size of the largest file that the user may store
 * @param quotaBytes most bytes that the user may store in total
 * @param quotaFiles most files that the user may store in total
 * @param expires end of the account; null for none
 * @param enabled whether the user may log in
 * @param tls the protection that the user must use; never weaker than the listener's policy
 * @param admin whether SITE WHO and similar commands are allowed
 * @param certificates client certificates that log the user in: {@code sha256:<hex of the leaf>} or a subject DN (RFC
 *     2253)
 * @param leniencies the account's own answers to each {@link Leniency}; the listener decides the others
 * @param umask permission bits that new files and directories do not get, three octal digits; empty for the modes of
 *     the store ({@link Umask})
 * @param group name of the group whose settings hold where this account says nothing; empty for none ({@link Effective})
 * @param encoding IANA name of the encoding of names for clients that do not choose UTF-8; empty for UTF-8
 * @param mounts places that the user sees besides his home; of nested ones the longest path holds
 */
public record User(
        @Tag(1) String name,
        @Tag(2) String passwordHash,
        @Tag(3) String home,
        @Tag(4) List<PathRule> rules,
        @Tag(5) boolean readOnly,
        @Tag(6) List<String> allowedNetworks,
        @Tag(7) int maxSessions,
        @Tag(8) long uploadBytesPerSecond,
        @Tag(9) long downloadBytesPerSecond,
        @Tag(10) long maxFileBytes,
        @Tag(11) long quotaBytes,
        @Tag(12) long quotaFiles,
        @Tag(13) @Nullable Instant expires,
        @Tag(14) boolean enabled,
        @Tag(15) TlsRequirement tls,
        @Tag(16) boolean admin,
        @Tag(17) List<String> certificates,
        @Tag(18) List<String> leniencies,
        @Tag(19) String umask,
        @Tag(20) String group,
        @Tag(21) String encoding,
        @Tag(22) List<MountPoint> mounts) {

    /** The protection that a user's connections must have. */
    public enum TlsRequirement {
        /** Whatever the listener demands. */
        LISTENER,
        /** TLS on the control connection. */
        CONTROL,
        /** TLS on control and data connections. */
        CONTROL_AND_DATA
    }

    public User {
        rules = List.copyOf(rules);
        allowedNetworks = List.copyOf(allowedNetworks);
        certificates = List.copyOf(certificates);
        leniencies = List.copyOf(leniencies);
        mounts = List.copyOf(mounts);
    }

    /** An enabled account that may do everything in its home, with no limit of its own. */
    public static User create(String name, String passwordHash, String home) {
        return new Builder(name, passwordHash, home).make();
    }

    /** A builder that begins with this account. */
    public Builder change() {
        return new Builder(this);
    }

    /** The same account without its password hash: for code that must not see it. */
    public User withoutPassword() {
        return change().passwordHash("").make();
    }

    /** Changes components of an account. Each method sets the component of its name. */
    public static final class Builder {
        private String name;
        private String passwordHash;
        private String home;
        private List<PathRule> rules = List.of();
        private boolean readOnly;
        private List<String> allowedNetworks = List.of();
        private int maxSessions;
        private long uploadBytesPerSecond;
        private long downloadBytesPerSecond;
        private long maxFileBytes;
        private long quotaBytes;
        private long quotaFiles;
        private @Nullable Instant expires;
        private boolean enabled = true;
        private TlsRequirement tls = TlsRequirement.LISTENER;
        private boolean admin;
        private List<String> certificates = List.of();
        private List<String> leniencies = List.of();
        private String umask = "";
        private String group = "";
        private String encoding = "";
        private List<MountPoint> mounts = List.of();

        private Builder(String name, String passwordHash, String home) {
            this.name = name;
            this.passwordHash = passwordHash;
            this.home = home;
        }

        private Builder(User user) {
            this.name = user.name;
            this.passwordHash = user.passwordHash;
            this.home = user.home;
            this.rules = user.rules;
            this.readOnly = user.readOnly;
            this.allowedNetworks = user.allowedNetworks;
            this.maxSessions = user.maxSessions;
            this.uploadBytesPerSecond = user.uploadBytesPerSecond;
            this.downloadBytesPerSecond = user.downloadBytesPerSecond;
            this.maxFileBytes = user.maxFileBytes;
            this.quotaBytes = user.quotaBytes;
            this.quotaFiles = user.quotaFiles;
            this.expires = user.expires;
            this.enabled = user.enabled;
            this.tls = user.tls;
            this.admin = user.admin;
            this.certificates = user.certificates;
            this.leniencies = user.leniencies;
            this.umask = user.umask;
            this.group = user.group;
            this.encoding = user.encoding;
            this.mounts = user.mounts;
        }

        public Builder passwordHash(String value) {
            passwordHash = value;
            return this;
        }

        public Builder home(String value) {
            home = value;
            return this;
        }

        public Builder rules(List<PathRule> value) {
            rules = value;
            return this;
        }

        public Builder readOnly(boolean value) {
            readOnly = value;
            return this;
        }

        public Builder allowedNetworks(List<String> value) {
            allowedNetworks = value;
            return this;
        }

        public Builder maxSessions(int value) {
            maxSessions = value;
            return this;
        }

        public Builder uploadBytesPerSecond(long value) {
            uploadBytesPerSecond = value;
            return this;
        }

        public Builder downloadBytesPerSecond(long value) {
            downloadBytesPerSecond = value;
            return this;
        }

        public Builder maxFileBytes(long value) {
            maxFileBytes = value;
            return this;
        }

        public Builder quotaBytes(long value) {
            quotaBytes = value;
            return this;
        }

        public Builder quotaFiles(long value) {
            quotaFiles = value;
            return this;
        }

        public Builder expires(@Nullable Instant value) {
            expires = value;
            return this;
        }

        public Builder enabled(boolean value) {
            enabled = value;
            return this;
        }

        public Builder tls(TlsRequirement value) {
            tls = value;
            return this;
        }

        public Builder admin(boolean value) {
            admin = value;
            return this;
        }

        public Builder certificates(List<String> value) {
            certificates = value;
            return this;
        }

        public Builder leniencies(List<String> value) {
            leniencies = value;
            return this;
        }

        public Builder umask(String value) {
            umask = value;
            return this;
        }

        public Builder group(String value) {
            group = value;
            return this;
        }

        public Builder encoding(String value) {
            encoding = value;
            return this;
        }

        public Builder mounts(List<MountPoint> value) {
            mounts = value;
            return this;
        }

        /** The account. */
        public User make() {
            return new User(
                    name,
                    passwordHash,
                    home,
                    rules,
                    readOnly,
                    allowedNetworks,
                    maxSessions,
                    uploadBytesPerSecond,
                    downloadBytesPerSecond,
                    maxFileBytes,
                    quotaBytes,
                    quotaFiles,
                    expires,
                    enabled,
                    tls,
                    admin,
                    certificates,
                    leniencies,
                    umask,
                    group,
                    encoding,
                    mounts);
        }
    }

    /** The account without its password hash. */
    @Override
    public String toString() {
        return "User[" + name + ", home=" + home + ", enabled=" + enabled + "]";
    }
}
