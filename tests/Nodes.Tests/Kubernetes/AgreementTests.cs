using System.Globalization;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Testing;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace SimplexActors.Nodes.Tests.Kubernetes;

/// <summary>The manifests agree with each other, with the configuration and with the image.</summary>
public sealed class AgreementTests
{
    private static readonly YamlMappingNode Set = Manifests.OfKind("StatefulSet").Single();
    private static readonly YamlNode Pod = Set.Find("spec", "template", "spec")!;
    private static readonly YamlNode Router = Pod.List("containers").Single();
    private static readonly IReadOnlyDictionary<string, string> Labels = Set.Map("spec", "template", "metadata", "labels");

    [Fact]
    public void The_kustomization_has_every_file_but_the_template()
    {
        YamlNode root = Manifests.Of("kustomization.yaml").Single();
        Assert.Equal(Manifests.Files.Where(file => file != "secrets.template.yaml"), root.List("resources").Select(file => $"{file}").Order());
        YamlNode map = root.List("configMapGenerator").Single();
        Assert.All(map.List("files"), file => Assert.True(File.Exists(Repository.PathOf("k8s", $"{file}"))));
        Assert.Equal(map.Text("name"), Pod.List("volumes").Single(volume => volume.Find("configMap") is not null).Text("configMap", "name"));
        Assert.Equal(Router.Text("image"), root.List("images").Single().Text("name"));
        Assert.Equal(Manifests.OfKind("Namespace").Single().Text("metadata", "name"), root.Text("namespace"));
    }

    [Fact]
    public void Selectors_find_the_pods()
    {
        var selectors = new List<IReadOnlyDictionary<string, string>> { Set.Map("spec", "selector", "matchLabels") };
        selectors.AddRange(Manifests.OfKind("Service").Select(service => service.Map("spec", "selector")));
        selectors.AddRange(Manifests.OfKind("PodDisruptionBudget").Select(budget => budget.Map("spec", "selector", "matchLabels")));
        selectors.AddRange(Manifests.OfKind("NetworkPolicy").Select(policy => policy.Map("spec", "podSelector", "matchLabels")));
        selectors.AddRange(Pod.List("topologySpreadConstraints").Select(spread => spread.Map("labelSelector", "matchLabels")));
        selectors.AddRange(Pod.List("affinity", "podAntiAffinity", "preferredDuringSchedulingIgnoredDuringExecution")
            .Select(term => term.Map("podAffinityTerm", "labelSelector", "matchLabels")));
        Assert.Equal(8, selectors.Count);
        Assert.All(selectors, selector =>
        {
            Assert.NotEmpty(selector);
            Assert.Subset(Labels.ToHashSet(), selector.ToHashSet());
        });
        Assert.Contains(Set.Text("spec", "serviceName"), Manifests.OfKind("Service").Where(service => service.Find("spec", "clusterIP") is not null).Select(service => service.Text("metadata", "name")));
    }

    [Fact]
    public void Ports_that_are_named_are_there()
    {
        HashSet<string> names = [.. Router.List("ports").Select(port => port.Text("name"))];
        var used = new List<string>();
        used.AddRange(new[] { "startupProbe", "livenessProbe", "readinessProbe" }.Select(probe => Router.Text(probe, "httpGet", "port")));
        used.AddRange(Manifests.OfKind("Service").SelectMany(service => service.List("spec", "ports")).Select(port => port.Text("targetPort")));
        YamlNode policy = Manifests.OfKind("NetworkPolicy").Single();
        used.AddRange(policy.List("spec", "ingress").SelectMany(rule => rule.List("ports")).Select(port => port.Text("port")));
        Assert.All(used, name => Assert.Contains(name, names));
        Assert.Equal(["/live", "/live", "/ready"], new[] { "startupProbe", "livenessProbe", "readinessProbe" }.Select(probe => Router.Text(probe, "httpGet", "path")));
    }

    [Fact]
    public void Only_nodes_reach_the_links()
    {
        YamlNode policy = Manifests.OfKind("NetworkPolicy").Single();
        Assert.Equal(["Egress", "Ingress"], policy.List("spec", "policyTypes").Select(type => $"{type}").Order());
        YamlNode links = policy.List("spec", "ingress").Single(rule => rule.List("ports").Any(port => port.Text("port") == "links"));
        Assert.Equal(Labels, links.List("from").Single().Map("podSelector", "matchLabels"));
    }

    [Fact]
    public void What_is_mounted_is_there()
    {
        Assert.Equal(
            Pod.List("volumes").Select(volume => volume.Text("name")).Order(),
            Router.List("volumeMounts").Select(mount => mount.Text("name")).Order());
        Dictionary<string, HashSet<string>> secrets = Manifests.OfKind("Secret").ToDictionary(
            secret => secret.Text("metadata", "name"), secret => secret.Map("stringData").Keys.ToHashSet());
        Assert.All(Pod.List("volumes").Where(volume => volume.Find("secret") is not null), volume => Assert.Contains(volume.Text("secret", "secretName"), secrets.Keys));
        IReadOnlyList<YamlNode> references = [.. Router.List("env").Select(variable => variable.Find("valueFrom", "secretKeyRef")).OfType<YamlNode>()];
        Assert.Equal(2, references.Count);
        Assert.All(references, reference => Assert.Contains(reference.Text("key"), secrets[reference.Text("name")]));
        Assert.All(Manifests.OfKind("Secret").SelectMany(secret => secret.Map("stringData").Values), value => Assert.Equal("", value));
        int replicas = int.Parse(Set.Text("spec", "replicas"), CultureInfo.InvariantCulture);
        Assert.All(Enumerable.Range(0, replicas), node => Assert.Superset(new HashSet<string> { $"smp-router-{node}.crt", $"smp-router-{node}.key", "ca.crt" }, secrets["smp-router-cluster"]));
    }

    [Fact]
    public void The_configuration_is_that_of_a_node_and_fits()
    {
        Dictionary<string, string> environment = Router.List("env").Where(variable => variable.Text("name").StartsWith(ConfigLoader.EnvironmentPrefix, StringComparison.Ordinal)).ToDictionary(
            variable => variable.Text("name")[ConfigLoader.EnvironmentPrefix.Length..].Replace("__", ".", StringComparison.Ordinal),
            variable => variable.Find("value") is { } value ? $"{value}".Replace("$(POD_NAME)", "smp-router-0", StringComparison.Ordinal)
                : variable.Text("name").EndsWith("postgres", StringComparison.Ordinal) ? "Host=db" : "secret");
        RouterConfig config = ConfigLoader.Load(Repository.PathOf("k8s", "router.conf"), environment);
        Assert.Equal("smp-router-0", config.Cluster.Node);
        Assert.Equal($"smp-router-0.{Set.Text("spec", "serviceName")}", config.Cluster.LinkHost);
        Assert.Equal("secret", config.Queues.CreatePassword);
        Dictionary<string, int> ports = Router.List("ports").ToDictionary(port => port.Text("name"), port => int.Parse(port.Text("containerPort"), CultureInfo.InvariantCulture));
        Assert.Equal((config.Smp.Ports[0], config.Cluster.LinkPort, config.Health.Port), (ports["smp"], ports["links"], ports["health"]));
        Assert.Empty(config.Health.Bind);
        HashSet<string> mounts = [.. Router.List("volumeMounts").Select(mount => mount.Text("mountPath"))];
        Assert.Superset(new HashSet<string> { config.Identity.Folder, config.Cluster.Certificates!, $"{Router.List("args")[2]}" }, mounts);
        double stop = Seconds(Router, "lifecycle", "preStop", "sleep", "seconds") + config.Cluster.DrainTime.TotalSeconds + config.Limits.StopTimeout.TotalSeconds;
        Assert.InRange(Seconds(Pod, "terminationGracePeriodSeconds"), stop + 10, stop + 600);
    }

    [Fact]
    public void A_node_has_no_rights_that_it_does_not_need()
    {
        Assert.Equal(("true", "RuntimeDefault"), (Pod.Text("securityContext", "runAsNonRoot"), Pod.Text("securityContext", "seccompProfile", "type")));
        Assert.Equal(("false", "true"), (Router.Text("securityContext", "allowPrivilegeEscalation"), Router.Text("securityContext", "readOnlyRootFilesystem")));
        Assert.Equal("ALL", $"{Router.List("securityContext", "capabilities", "drop").Single()}");
        Assert.Equal("false", Pod.Text("automountServiceAccountToken"));
        Assert.Equal("1", Manifests.OfKind("PodDisruptionBudget").Single().Text("spec", "maxUnavailable"));
        string[] image = File.ReadAllLines(Repository.PathOf("docker", "Dockerfile"));
        Assert.Contains($"USER {Pod.Text("securityContext", "runAsUser")}:{Pod.Text("securityContext", "runAsGroup")}", image);
        Assert.Contains($"EXPOSE {string.Join(' ', Router.List("ports").Select(port => port.Text("containerPort")))}", image);
    }

    private static double Seconds(YamlNode node, params string[] path) => double.Parse(node.Text(path), CultureInfo.InvariantCulture);
}
