package flotilla.ops.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import flotilla.node.protocol.Network;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads keys with their types and bounds. It notes each wrong value with its place, and continues with a harmless one
 * to find further problems.
 */
final class Keys {
    private final Config config;
    private final List<ConfigProblem> problems;
    private final boolean isRunning;

    Keys(Config config, List<ConfigProblem> problems) {
        this(config, problems, false);
    }

    /** @param isRunning whether the server runs with this configuration, apart from the values of all nodes */
    Keys(Config config, List<ConfigProblem> problems, boolean isRunning) {
        this.config = config;
        this.problems = problems;
        this.isRunning = isRunning;
    }

    /**
     * Returns true when a server runs with this configuration already. A certificate that has expired since must not
     * keep an operator from changing a limit.
     */
    boolean isRunning() {
        return isRunning;
    }

    private <T> T read(String key, T instead, Function<Config, T> read) {
        try {
            return read.apply(config);
        } catch (com.typesafe.config.ConfigException e) {
            note(key, "has a value of the wrong kind: " + shown(key));
        } catch (IllegalArgumentException e) {
            note(key, String.valueOf(e.getMessage()));
        }
        return instead;
    }

    private String shown(String key) {
        return config.hasPath(key) && !key.contains("password") && !isOfBlocks(config.getValue(key))
                ? config.getValue(key).unwrapped().toString()
                : "(not shown)";
    }

    /** Whether a value is a list of blocks, one of whose fields may be a secret. */
    private static boolean isOfBlocks(ConfigValue value) {
        return value instanceof ConfigObject
                || value instanceof ConfigList list && list.stream().anyMatch(ConfigObject.class::isInstance);
    }

    void note(String key, String text) {
        ConfigOrigin origin = config.hasPath(key) ? config.getValue(key).origin() : null;
        ConfigProblem problem = ConfigProblem.at(origin, key, text);
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    String text(String key) {
        return read(key, "", c -> c.getString(key));
    }

    boolean flag(String key) {
        return read(key, false, c -> c.getBoolean(key));
    }

    int number(String key, int min, int max) {
        return read(key, min, c -> {
            int value = c.getInt(key);
            if (value < min || value > max) {
                throw new IllegalArgumentException("must be between " + min + " and " + max + ", not " + value);
            }
            return value;
        });
    }

    List<Integer> numbers(String key, int min, int max) {
        return read(key, List.of(), c -> {
            for (int value : c.getIntList(key)) {
                if (value < min || value > max) {
                    throw new IllegalArgumentException(
                            "must have numbers between " + min + " and " + max + ", not " + value);
                }
            }
            return List.copyOf(c.getIntList(key));
        });
    }

    long bytes(String key, long min, long max) {
        return read(key, min, c -> {
            long value = c.getBytes(key);
            if (value < min || value > max) {
                throw new IllegalArgumentException("must be between " + min + " and " + max + " bytes, not " + value);
            }
            return value;
        });
    }

    Duration duration(String key, Duration min) {
        return read(key, min, c -> {
            Duration value = c.getDuration(key);
            if (value.compareTo(min) < 0) {
                throw new IllegalArgumentException("must be at least " + min.toMillis() + " ms");
            }
            return value;
        });
    }

    <E extends Enum<E>> E choice(String key, Class<E> type) {
        E first = type.getEnumConstants()[0];
        return read(key, first, c -> Arrays.stream(type.getEnumConstants())
                .filter(e -> e.name().replace('_', '-').equalsIgnoreCase(c.getString(key)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be one of "
                        + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT) + ", not "
                        + c.getString(key))));
    }

    /**
     * Returns the objects in an object, by name and in the order of their names. Problems do not show values, because
     * they may be secrets.
     */
    Map<String, Config> objects(String key) {
        Map<String, Config> objects = new TreeMap<>();
        if (config.getValue(key) instanceof ConfigObject named) {
            named.forEach((name, value) -> {
                if (value instanceof ConfigObject object) {
                    objects.put(name, object.toConfig());
                } else {
                    note(key, "needs an object for " + name);
                }
            });
        } else {
            note(key, "needs an object");
        }
        return objects;
    }

    /** Returns the objects in a list. Problems do not show values, because they may be secrets. */
    List<Config> blocks(String key) {
        return read(key, List.of(), c -> List.copyOf(c.getConfigList(key)));
    }

    List<String> texts(String key) {
        return read(key, List.of(), c -> c.getStringList(key));
    }

    List<Network> networks(String key) {
        List<Network> networks = new ArrayList<>();
        for (String text : texts(key)) {
            try {
                networks.add(Network.parse(text));
            } catch (IllegalArgumentException e) {
                note(key, "is not a CIDR block: " + text);
            }
        }
        return networks;
    }

    List<InetAddress> addresses(String key) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : read(
                key,
                List.<String>of(),
                c -> c.getValue(key).valueType() == com.typesafe.config.ConfigValueType.LIST
                        ? c.getStringList(key)
                        : List.of(c.getString(key).split("\\s*,\\s*")))) {
            try {
                addresses.add(InetAddress.getByName(text));
            } catch (UnknownHostException e) {
                note(key, "is not an address: " + text);
            }
        }
        if (addresses.isEmpty()) {
            note(key, "needs at least one address");
        }
        return addresses;
    }

    /** Reads ports in the forms {@code "first-last"} and {@code "a,b,c-d"}. */
    List<Integer> ports(String key) {
        return read(key, List.of(), c -> {
            List<Integer> ports = new ArrayList<>();
            for (String part : c.getString(key).split(",")) {
                String[] ends = part.trim().split("-", -1);
                int first = port(ends[0]);
                int last = ends.length == 2 ? port(ends[1]) : first;
                if (ends.length > 2 || last < first) {
                    throw new IllegalArgumentException("is not a range of ports: " + part);
                }
                for (int port = first; port <= last; port++) {
                    ports.add(port);
                }
            }
            return List.copyOf(new java.util.LinkedHashSet<>(ports));
        });
    }

    private static int port(String text) {
        if (!text.trim().matches("[0-9]{1,5}")
                || Integer.parseInt(text.trim()) < 1
                || Integer.parseInt(text.trim()) > 65535) {
            throw new IllegalArgumentException("is not a port: " + text);
        }
        return Integer.parseInt(text.trim());
    }

    int mode(String key) {
        return read(key, 0700, c -> {
            String text = c.getString(key);
            if (!text.matches("0?[0-7]{3}")) {
                throw new IllegalArgumentException("must be an octal mode such as 0640, not " + text);
            }
            return Integer.parseInt(text, 8);
        });
    }

    /** Returns a path, relative to the working directory; {@code otherwise} when it is empty. */
    Path path(String key, Path otherwise) {
        String text = text(key);
        return text.isEmpty() ? otherwise : Path.of(text).toAbsolutePath().normalize();
    }

    /** Reads a list of objects with {@code certificate}, {@code private-key} and optionally {@code password}. */
    List<CertificateFiles> certificates(String key) {
        return read(key, List.of(), c -> {
            List<CertificateFiles> files = new ArrayList<>();
            for (Config entry : c.getConfigList(key)) {
                Path certificate = Path.of(entry.getString("certificate")).toAbsolutePath();
                Path privateKey = entry.hasPath("private-key")
                        ? Path.of(entry.getString("private-key")).toAbsolutePath()
                        : certificate;
                files.add(new CertificateFiles(
                        certificate, privateKey, entry.hasPath("password") ? entry.getString("password") : ""));
            }
            return files;
        });
    }
}
