package flotilla.storage.s3;

import flotilla.storage.ReservedNames;
import flotilla.storage.StoreSettings;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration of an S3 store. It holds no secret: credentials are read when they are used.
 *
 * @param store name of the store; empty for the default store
 * @param place where its objects lie
 * @param access how the service is reached
 * @param objects how objects are stored
 * @param uploads how uploads are cut
 * @param reads how downloads are cut
 * @param shown what listings show
 * @param renameMaxObjects most objects below a directory that is renamed
 */
record S3Settings(
        String store,
        Place place,
        Access access,
        Objects objects,
        Uploads uploads,
        Reads reads,
        Shown shown,
        int renameMaxObjects) {
    private static final Set<String> KEYS = Set.of(
            "endpoint",
            "region",
            "bucket",
            "prefix",
            "path-style",
            "credentials",
            "ca-file",
            "sse",
            "sse-key",
            "storage-class",
            "checksum",
            "part-size",
            "multipart-above",
            "keep-parts",
            "conditional-writes",
            "read-ahead",
            "range-size",
            "file-mode",
            "directory-mode",
            "rename-max-objects",
            "request-timeout",
            "connect-timeout",
            "retries",
            "connections");

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    /** The least size of a part but the last (Amazon S3 User Guide, "multipart upload limits"). */
    private static final long LEAST_PART = 5 * MIB;

    private static final long MOST_PART = 1024 * MIB;
    /** A slow download may hold one. */
    private static final int LEAST_CONNECTIONS = 2;

    /**
     * Where the objects of a store lie.
     *
     * @param endpoint the service; empty for that of AWS in the region
     * @param prefix what each key begins with; empty, or it ends with a slash
     * @param pathStyle whether the bucket is part of the path and not of the host name
     */
    record Place(Optional<URI> endpoint, String region, String bucket, String prefix, boolean pathStyle) {}

    /**
     * How the service is reached.
     *
     * @param credentials the file of the credentials; empty for the usual chain of the SDK
     * @param authorities the file of the certificates that are trusted; empty for those of the JVM
     * @param timeout bound of a request with all of its attempts; one that carries many bytes gets more
     * @param connectTimeout bound of a connection's start
     * @param retries attempts after the first one
     * @param connections most connections at once
     */
    record Access(
            Optional<Path> credentials,
            Optional<Path> authorities,
            Duration timeout,
            Duration connectTimeout,
            int retries,
            int connections) {}

    /**
     * How objects are stored.
     *
     * @param encryption {@code none}, {@code AES256} or {@code aws:kms}
     * @param encryptionKey id of a key for {@code aws:kms}
     * @param storageClass the storage class; empty for that of the bucket
     * @param conditionalWrites whether writes carry the conditions If-Match and If-None-Match
     */
    record Objects(
            String encryption,
            Optional<String> encryptionKey,
            Optional<String> storageClass,
            Checksum checksum,
            boolean conditionalWrites) {}

    /**
     * How uploads are cut, in bytes.
     *
     * @param partSize size of a part
     * @param multipartAbove largest file that goes up in one request
     * @param keepParts whether a broken upload can be resumed
     */
    record Uploads(long partSize, long multipartAbove, boolean keepParts) {}

    /**
     * How downloads are cut.
     *
     * @param ahead number of ranges that are read ahead
     * @param range size of a range, in bytes
     */
    record Reads(int ahead, int range) {}

    /** What listings show: POSIX permission bits. */
    record Shown(int fileMode, int directoryMode) {}

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException when they cannot be used
     */
    static S3Settings of(StoreSettings settings) {
        settings.allow(KEYS);
        SettingValues values = new SettingValues(settings);
        return new S3Settings(
                settings.name(),
                place(values),
                access(values),
                objects(values),
                uploads(values),
                new Reads(values.number("read-ahead", 2, 0, 16), (int)
                        values.size("range-size", 8 * MIB, 64 * KIB, 256 * MIB)),
                new Shown(values.mode("file-mode", "0640"), values.mode("directory-mode", "0750")),
                values.number("rename-max-objects", 10_000, 1, 1_000_000));
    }

    private static Place place(SettingValues values) {
        Optional<URI> endpoint = values.settings()
                .find("endpoint")
                .filter(text -> !text.isBlank())
                .map(S3Settings::endpoint);
        String bucket = values.settings().require("bucket");
        if (!bucket.matches("[A-Za-z0-9][A-Za-z0-9._-]{1,62}")) {
            throw SettingValues.wrong(
                    "bucket", "the name of a bucket, 3 to 63 letters, digits, dots or dashes", bucket);
        }
        return new Place(
                endpoint,
                region(values),
                bucket,
                prefix(values.text("prefix", "")),
                values.flag("path-style", endpoint.isPresent()));
    }

    private static String region(SettingValues values) {
        String region = values.text("region", "us-east-1");
        if (!region.matches("[A-Za-z0-9-]{1,63}")) {
            throw SettingValues.wrong("region", "a region, such as us-east-1", region);
        }
        return region;
    }

    private static URI endpoint(String text) {
        URI uri;
        try {
            uri = URI.create(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("endpoint is no URI, such as https://s3.example.com", e);
        }
        if (uri.getUserInfo() != null || uri.getQuery() != null) {
            throw new IllegalArgumentException("endpoint must hold no user and no query: see the key credentials");
        }
        boolean http = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null) {
            throw SettingValues.wrong("endpoint", "a URI such as https://s3.example.com", text);
        }
        return uri;
    }

    private static String prefix(String text) {
        String prefix = text.isEmpty() || text.endsWith("/") ? text : text + "/";
        for (String name : prefix.split("/", 0)) {
            if (ReservedNames.isReserved(name)) {
                throw SettingValues.wrong("prefix", "without the reserved name " + name, text);
            }
        }
        if (prefix.startsWith("/") || ("/" + prefix).matches(".*/(\\.{0,2})/.*") && !prefix.isEmpty()) {
            throw SettingValues.wrong("prefix", "names with one slash between them, none of them . or ..", text);
        }
        return prefix;
    }

    private static Access access(SettingValues values) {
        return new Access(
                credentials(values.text("credentials", "chain")),
                values.settings()
                        .find("ca-file")
                        .filter(text -> !text.isBlank())
                        .map(text -> file("ca-file", text)),
                values.time("request-timeout", Duration.ofSeconds(30), Duration.ofMinutes(10)),
                values.time("connect-timeout", Duration.ofSeconds(5), Duration.ofMinutes(1)),
                values.number("retries", 3, 0, 10),
                values.number("connections", 64, LEAST_CONNECTIONS, 10_000));
    }

    /** Does not repeat a value that it refuses: it may be a secret in the wrong place. */
    private static Optional<Path> credentials(String text) {
        if (text.equals("chain")) {
            return Optional.empty();
        }
        if (!text.startsWith("file:")) {
            throw new IllegalArgumentException("credentials must be chain, or file: and the path of a file");
        }
        return Optional.of(file("credentials", text.substring("file:".length())));
    }

    private static Path file(String key, String text) {
        try {
            return Path.of(text.strip()).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(key + " is no path", e);
        }
    }

    private static Objects objects(SettingValues values) {
        String encryption = values.choice("sse", "none", List.of("none", "AES256", "aws:kms"));
        Optional<String> key = values.settings().find("sse-key").filter(text -> !text.isBlank());
        if (key.isPresent() && !encryption.equals("aws:kms")) {
            throw new IllegalArgumentException("sse-key needs sse = \"aws:kms\"");
        }
        return new Objects(
                encryption,
                key,
                values.settings().find("storage-class").filter(text -> !text.isBlank()),
                Checksum.of(values.choice("checksum", "crc32c", Checksum.NAMES)),
                values.flag("conditional-writes", true));
    }

    private static Uploads uploads(SettingValues values) {
        long partSize = values.size("part-size", 8 * MIB, LEAST_PART, MOST_PART);
        return new Uploads(
                partSize, values.size("multipart-above", partSize, 0, MOST_PART), values.flag("keep-parts", true));
    }

    /** Names the place and no more. */
    @Override
    public String toString() {
        return "S3Settings[" + store + ", " + place.bucket + "/" + place.prefix + "]";
    }
}
