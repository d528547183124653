package flotilla.kafka;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "flotilla.kafka")
class ArchitectureTest {
    @ArchTest
    static final ArchRule OF_THE_SERVER_ONLY_THE_SEAM_OF_TARGETS_IS_USED = noClasses()
            .should()
            .dependOnClassesThat(DescribedPredicate.describe(
                    "are of the server and no seam of targets",
                    (JavaClass used) -> used.getPackageName().startsWith("flotilla.")
                            && !used.getPackageName().equals("flotilla.kafka")
                            && !used.getPackageName().equals("flotilla.ops.event")));
}
