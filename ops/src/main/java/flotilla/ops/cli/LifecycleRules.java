package flotilla.ops.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.storage.ReservedNames;
import flotilla.storage.StoreSettings;
import java.io.IOException;
import java.time.Duration;

/** The lifecycle rules for the bucket of a store, in the JSON of {@code put-bucket-lifecycle-configuration}. */
final class LifecycleRules {
    /** Days that the longest upload may take. */
    private static final int LONGEST = 7;

    private LifecycleRules() {}

    /**
     * Returns rules that end multipart uploads, and remove records, some days after the nodes would have done so.
     *
     * @param partsAge {@code storage.parts-age}
     */
    static String of(StoreSettings store, Duration partsAge) throws IOException {
        String prefix = store.find("prefix").orElse("");
        long days = partsAge.toDays() + LONGEST;
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode all = mapper.createObjectNode();
        ArrayNode rules = all.putArray("Rules");
        rule(rules, "flotilla-uploads", prefix)
                .putObject("AbortIncompleteMultipartUpload")
                .put("DaysAfterInitiation", days);
        rule(rules, "flotilla-parts", prefix + ReservedNames.PARTS + "/")
                .putObject("Expiration")
                .put("Days", days);
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
    }

    private static ObjectNode rule(ArrayNode rules, String id, String prefix) {
        ObjectNode rule = rules.addObject().put("ID", id).put("Status", "Enabled");
        rule.putObject("Filter").put("Prefix", prefix);
        return rule;
    }
}
