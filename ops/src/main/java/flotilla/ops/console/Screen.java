package flotilla.ops.console;

import flotilla.ops.admin.Role;
import flotilla.ops.admin.Site.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A request that the console answers for operators who are signed in.
 *
 * @param path segments below {@code /console}; {@code *} stands for any
 * @param role the least role that may ask. The API checks changes again
 */
record Screen(String method, List<String> path, Role role, Function<Guest, CompletionStage<Page>> answer) {

    static Screen get(String path, Role role, Function<Guest, CompletionStage<Page>> answer) {
        return new Screen("GET", List.of(path.split("/")), role, answer);
    }

    static Screen post(String path, Role role, Function<Guest, CompletionStage<Page>> answer) {
        return new Screen("POST", List.of(path.split("/")), role, answer);
    }

    /** Returns the variable segments if a path is that of this screen; empty otherwise. */
    Optional<List<String>> match(List<String> segments) {
        if (segments.size() != path.size()) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            if (path.get(i).equals("*")) {
                names.add(segments.get(i));
            } else if (!path.get(i).equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }
}
