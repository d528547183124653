package flotilla.ops.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.node.tree.HomePlace;
import flotilla.ops.client.AdminClient;
import flotilla.storage.StoreSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the homes and mounts of accounts lie in stores that there are. The running server is asked. */
final class PlacesCheck implements Check {
    private static final int PAGE = 1000;
    private static final int MOST_PAGES = 100;
    private static final int SHOWN = 5;

    @Override
    public List<Outcome> look(Patient patient) {
        Optional<AdminClient> server =
                AdminClient.forCommands(patient.configuration().dataDir());
        if (server.isEmpty()) {
            return List.of(Outcome.ok("No server runs, so they were not looked at."));
        }
        List<String> stores = patient.configuration().node().storage().stores().stream()
                .map(StoreSettings::name)
                .toList();
        List<String> lost = new ArrayList<>();
        try {
            String after = "";
            for (int page = 0; page < MOST_PAGES; page++) {
                JsonNode users = server.get()
                        .get("users?limit=" + PAGE + "&after=" + AdminClient.encoded(after))
                        .path("users");
                if (users.isEmpty()) {
                    break;
                }
                users.forEach(user -> look(user, stores, lost));
                after = users.get(users.size() - 1).path("name").asText();
            }
        } catch (AdminClient.Refused | IOException e) {
            return List.of(
                    Outcome.fail("The running server cannot read accounts: " + e.getMessage() + ".", "See its log."));
        }
        return List.of(rated(lost));
    }

    private static void look(JsonNode user, List<String> stores, List<String> lost) {
        String name = user.path("name").asText();
        if (isLost(user.path("home").asText(), stores)) {
            lost.add("the home of " + name);
        }
        for (JsonNode mount : user.path("mounts")) {
            if (isLost(mount.path("place").asText(), stores)) {
                lost.add(mount.path("path").asText() + " of " + name);
            }
        }
    }

    /** Returns whether a place names a store that there is not. One without a name lies in the default store. */
    static boolean isLost(String place, List<String> stores) {
        String store = HomePlace.of(place).among(stores).store();
        return !store.isEmpty() && !stores.contains(store);
    }

    private static Outcome rated(List<String> lost) {
        if (lost.isEmpty()) {
            return Outcome.ok("Each home and mount is in a store that there is.");
        }
        String more = lost.size() > SHOWN ? " and " + (lost.size() - SHOWN) + " more" : "";
        return Outcome.fail(
                "In stores that this configuration does not have: "
                        + String.join(", ", lost.subList(0, Math.min(SHOWN, lost.size()))) + more + ".",
                "Name the stores in flotilla.storage.stores, or change the accounts.");
    }
}
