package flotilla.ops.cli;

import flotilla.node.tls.CertificateWish;
import flotilla.node.tls.KeyChoice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say what a new certificate shall have. */
final class CertificateOptions {
    @Option(
            names = "--dns",
            paramLabel = "NAME",
            description = "DNS name (subject alternative name); may be given again.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--ip",
            paramLabel = "ADDRESS",
            description = "IP address (subject alternative name); may be given again.")
    private List<String> addresses = new ArrayList<>();

    @Option(
            names = "--key",
            paramLabel = "ec|rsa2048|rsa3072|rsa4096",
            defaultValue = "ec",
            description = "ec: P-256. rsa is rsa3072. Default: ${DEFAULT-VALUE}.")
    private KeyChoice key = KeyChoice.EC;

    @Option(
            names = "--subject",
            paramLabel = "NAME",
            defaultValue = "",
            description =
                    "Distinguished name, such as \"C=US,ST=State,L=City,O=Organization\". Without a common name it"
                            + " gets the first --dns or --ip.")
    private String subject = "";

    @Option(names = "--country", paramLabel = "CODE", defaultValue = "", description = "Country of the subject (C).")
    private String country = "";

    @Option(names = "--state", paramLabel = "NAME", defaultValue = "", description = "State of the subject (ST).")
    private String state = "";

    @Option(names = "--locality", paramLabel = "NAME", defaultValue = "", description = "City of the subject (L).")
    private String locality = "";

    @Option(
            names = "--organization",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Organization of the subject (O).")
    private String organization = "";

    @Option(names = "--unit", paramLabel = "NAME", defaultValue = "", description = "Unit of the organization (OU).")
    private String unit = "";

    @Option(
            names = "--common-name",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Common name (CN). Default: the first --dns or --ip.")
    private String commonName = "";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    KeyChoice key() {
        return key;
    }

    CertificateWish wish() {
        if (names.isEmpty() && addresses.isEmpty()) {
            throw new CommandLine.ParameterException(spec.commandLine(), "give at least one --dns or --ip");
        }
        return new CertificateWish(distinguished(), names, addresses);
    }

    /** Returns the subject, and what single options add to it. */
    private String distinguished() {
        List<String> parts = new ArrayList<>();
        if (!subject.isEmpty()) {
            parts.add(subject);
        }
        Map<String, String> single = new LinkedHashMap<>();
        single.put("C", country);
        single.put("ST", state);
        single.put("L", locality);
        single.put("O", organization);
        single.put("OU", unit);
        single.put("CN", commonName);
        single.forEach((name, value) -> {
            if (!value.isEmpty()) {
                parts.add(name + "=" + value.replaceAll("([,+\"\\\\<>;=#])", "\\\\$1"));
            }
        });
        if (!country.isEmpty() && !country.matches("[A-Za-z]{2}")) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--country needs two letters, not " + country);
        }
        return String.join(",", parts);
    }
}
