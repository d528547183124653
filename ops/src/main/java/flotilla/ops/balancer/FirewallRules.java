package flotilla.ops.balancer;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes rules that let clients in to a node, or to a balancer on its machine. They are in a chain of their own, so
 * that they can be loaded again, and refuse nothing.
 */
public final class FirewallRules {
    /** The programs that read the rules. */
    public enum Format {
        /** For {@code nft -f}. */
        NFT,
        /** For {@code iptables-restore --noflush} and {@code ip6tables-restore --noflush}. */
        IPTABLES
    }

    private static final String NFT = """
            # Made by flotilla firewall. Load with nft -f, as often as you like. Once, let the chain input lead here,
            # before its rules that refuse: nft insert rule inet filter input jump flotilla
            add table inet filter
            add chain inet filter flotilla
            flush chain inet filter flotilla
            add rule inet filter flotilla ct state established,related accept
            """;

    private static final String IPTABLES = """
            # Made by flotilla firewall. Load with iptables-restore --noflush, and for IPv6 with ip6tables-restore
            # --noflush, as often as you like. Once, let the chain INPUT lead here, before its rules that refuse:
            # iptables -I INPUT -j FLOTILLA; ip6tables -I INPUT -j FLOTILLA
            *filter
            :FLOTILLA - [0:0]
            -A FLOTILLA -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
            """;

    private FirewallRules() {}

    /**
     * Returns the rules for the control ports and passive ports of a site.
     *
     * @param more further ports for strangers
     */
    public static String of(Site site, List<Integer> more, Format format) {
        List<String> ports = new ArrayList<>();
        site.control().forEach(port -> ports.add(String.valueOf(port)));
        ports.addAll(site.passiveRanges());
        more.forEach(port -> ports.add(String.valueOf(port)));
        StringBuilder rules = new StringBuilder(format == Format.NFT ? NFT : IPTABLES);
        for (String port : ports) {
            rules.append(
                    format == Format.NFT
                            ? "add rule inet filter flotilla tcp dport " + port + " accept\n"
                            : "-A FLOTILLA -p tcp --dport " + port.replace('-', ':') + " -j ACCEPT\n");
        }
        return rules.append(format == Format.NFT ? "" : "COMMIT\n").toString();
    }
}
