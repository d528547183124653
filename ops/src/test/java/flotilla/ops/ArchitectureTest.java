package flotilla.ops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "flotilla.ops", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("flotilla.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule METRICS_HAVE_ONE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackage("flotilla.ops.metrics")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "io.prometheus..");

    /** A store is chosen by the type in its settings. */
    @ArchTest
    static final ArchRule NOBODY_KNOWS_HOW_FILES_ARE_STORED =
            noClasses().should().dependOnClassesThat().resideInAPackage("flotilla.storage.local..");

    @ArchTest
    static final ArchRule HTTP_HAS_ONE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackage("flotilla.ops.admin")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.pekko.http..", "org.apache.pekko.stream..");
}
