package flotilla.ops.setup;

import flotilla.node.tls.CertificateProblem;
import flotilla.ops.config.ConfigException;
import flotilla.ops.config.Configuration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code flotilla invite} and {@code flotilla join}: other nodes get the configuration of the first one, with their own
 * name, address and certificate in it.
 */
public final class Invitations {
    /** Stands for the directory of the configuration, which may be another one on each node. */
    private static final String DIRECTORY = "@DIRECTORY@";

    private static final String CONFIGURATION = "flotilla.conf";
    private static final Pattern ADDRESS =
            Pattern.compile("admin\\.bind = \"([^\"]+)\" " + Pattern.quote(ConfigText.DIFFERS));
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private final Path file;
    private final Path directory;
    private final Configuration configuration;
    private final String text;
    private final String address;

    /**
     * Reads the configuration of the inviting node.
     *
     * @throws IOException when it cannot invite; the message says why
     */
    public Invitations(Path file) throws IOException, ConfigException {
        this.file = file.toAbsolutePath().normalize();
        this.directory = ConfigFile.directoryOf(this.file);
        this.configuration = Configuration.load(Optional.of(this.file), Map.of(), List.of());
        this.text = Files.readString(this.file);
        Matcher own = ADDRESS.matcher(text);
        if (!own.find()) {
            throw new IOException(file + " has no lines that end with \"" + ConfigText.DIFFERS
                    + "\", so it cannot be made into that of another node: flotilla init --node writes such a file");
        }
        this.address = own.group(1);
        if (!new ClusterFiles(directory).hasAuthority()) {
            throw new IOException("the key of the cluster's authority is not in " + new ClusterFiles(directory).safe()
                    + ": invite from the machine that has it");
        }
    }

    /**
     * Invites nodes, and waits until all have joined.
     *
     * @param port to listen at, on this node's address; 0 = any
     * @param tell takes lines for people
     * @return nodes that have not joined in time
     */
    public Set<String> await(List<Member> members, int port, Duration patience, Consumer<String> tell)
            throws IOException, CertificateProblem, GeneralSecurityException, InterruptedException {
        Map<String, Map<String, String>> bundles = new LinkedHashMap<>();
        for (Member member : members) {
            bundles.put(member.name(), bundle(member));
        }
        Set<String> missing = new LinkedHashSet<>(bundles.keySet());
        Instant end = Instant.now().plus(patience);
        try (Invitation invitation = Invitation.open(new InetSocketAddress(address, port), bundles)) {
            for (Member member : members) {
                tell.accept("On " + member.name() + " (" + member.address() + "):");
                tell.accept("  flotilla join "
                        + invitation.token(member.name(), address).text());
            }
            tell.accept("Waiting for " + String.join(", ", missing) + ", until " + end + ". Ctrl-C ends it.");
            while (!missing.isEmpty()) {
                String node = invitation.awaitNext(Duration.between(Instant.now(), end));
                if (node.isEmpty()) {
                    return missing;
                }
                missing.remove(node);
                tell.accept(node + " has its files.");
            }
        }
        return missing;
    }

    private Map<String, String> bundle(Member member) throws IOException, CertificateProblem {
        String seed = member.address() + ":" + configuration.cluster().network().remotingPort();
        if (!text.contains('"' + seed + '"')) {
            throw new IOException("\"" + seed + "\" is not in cluster.seeds of " + file
                    + ": add it there and on the other nodes, then invite " + member.name());
        }
        Map<String, String> files = new LinkedHashMap<>(new ClusterFiles(directory).of(member));
        for (Path served : List.of(
                configuration.node().tls().certificates().get(0).certificate(),
                configuration.node().tls().certificates().get(0).privateKey())) {
            Path path = served.toAbsolutePath().normalize();
            if (directory.equals(path.getParent())) { // one elsewhere is somebody else's to renew and to copy
                files.put(path.getFileName().toString(), Files.readString(path));
            }
        }
        files.put(CONFIGURATION, textOf(member).replace(directory + "/", DIRECTORY + "/"));
        return files;
    }

    private String textOf(Member member) {
        String own = '"' + configuration.cluster().self().name() + '"';
        return text.lines()
                .map(line -> line.endsWith(ConfigText.DIFFERS)
                        ? line.replace(own, '"' + member.name() + '"')
                                .replace('"' + address + '"', '"' + member.address() + '"')
                        : line)
                .reduce("", (before, line) -> before + line + "\n");
    }

    /**
     * Fetches the files of this node and writes them.
     *
     * @param token text of {@link InvitationToken}
     * @param file the configuration to write; the other files come beside it
     * @param dataDir as {@code data-dir}, instead of that of the inviting node
     * @return the configuration as a server reads it
     * @throws IOException when it cannot be fetched or written
     * @throws ConfigException when it is refused here; it is in place then, too
     */
    public static Configuration join(String token, Path file, Optional<Path> dataDir, boolean force)
            throws IOException, GeneralSecurityException, ConfigException {
        ConfigFile.require(file, force);
        Invited invited = new Invited(InvitationToken.parse(token));
        Map<String, String> fetched = new LinkedHashMap<>(invited.fetch());
        Path directory = ConfigFile.directoryOf(file);
        String sent = fetched.remove(CONFIGURATION);
        if (sent == null) {
            throw new IOException("the inviting node sends no configuration");
        }
        String text = sent.replace(DIRECTORY, directory.toString());
        if (dataDir.isPresent()) {
            text = text.replaceFirst(
                    "(?m)^  data-dir = .*$",
                    Matcher.quoteReplacement("  data-dir = \"" + dataDir.get().toAbsolutePath() + '"'));
        }
        Files.createDirectories(directory);
        ConfigFile files = new ConfigFile(file, dataDir.orElse(Path.of("/var/lib/flotilla")));
        for (Map.Entry<String, String> one : fetched.entrySet()) {
            if (!PLAIN_NAME.matcher(one.getKey()).matches()) {
                throw new IOException("the inviting node sends a file with a strange name: " + one.getKey());
            }
            files.place(directory.resolve(one.getKey()), one.getValue());
        }
        files.write(text);
        invited.confirm();
        return Configuration.load(Optional.of(file), Map.of(), List.of());
    }
}
