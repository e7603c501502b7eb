using Xunit;

namespace SimplexActors.Tidy;

/// <summary>Each rule can fail: it finds its violation in a sample, and nothing in a tidy one.</summary>
public sealed class RuleTests
{
    [Theory]
    [InlineData("time comes from a TimeProvider", "var now = DateTime.UtcNow;", "var now = time.GetUtcNow(); // not DateTime.UtcNow")]
    [InlineData("time comes from a TimeProvider", "var now = DateTimeOffset.Now;", "string text = \"DateTimeOffset.Now\";")]
    [InlineData("nothing sleeps", "Thread.Sleep(10);", "await Task.Delay(10);")]
    [InlineData("only the engine starts work of its own", "_ = Task.Run(Work);", "await Work();")]
    [InlineData("only the engine starts work of its own", "new Thread (Work).Start();", "var threads = Thread.CurrentThread;")]
    [InlineData("async methods return tasks", "public async  void Go() { }", "public async Task Go() { }")]
    [InlineData("nothing blocks on a task", "int x = Compute().Result;", "int x = (await Compute()).ResultCode;")]
    [InlineData("nothing blocks on a task", "task.GetAwaiter().GetResult();", "await task;")]
    [InlineData("nothing blocks on a task", "task.Wait();", "await task.WaitAsync(token);")]
    [InlineData("no exception is swallowed", "try { A(); } catch (IOException) { }", "try { A(); } catch (IOException) { /* the peer is gone, which is fine */ }")]
    [InlineData("no exception is swallowed", "try { A(); } catch { Next(); }", "try { A(); } catch { Undo(); throw; }")]
    [InlineData("no exception is swallowed", "try { A(); } catch (Exception e) { Next(); }", "try { A(); } catch (Exception e) { Log(e); }")]
    [InlineData("no exception is swallowed", "try { A(); } catch (Exception) { return; }", "try { A(); } catch (Exception e) when (e is IOException) { return; }")]
    [InlineData("a skipped test says why", "[Fact(Skip = \"\")]", "[Fact(Skip = \"needs a second machine\")]")]
    public void A_rule_finds_its_violation_and_nothing_else(string rule, string violation, string tidy)
    {
        Assert.Single(Check(rule, violation));
        Assert.Empty(Check(rule, tidy));
    }

    [Fact]
    public void The_engine_may_start_work() =>
        Assert.Empty(Check("only the engine starts work of its own", "Task.Run(Work);", "src/Actors/Engine/Shard.cs"));

    [Fact]
    public void A_benchmark_may_wait_on_its_thread() =>
        Assert.Empty(Check("nothing blocks on a task", "reached.Wait();", "tests/Bench/Engine/Ping.cs"));

    [Fact]
    public void Left_over_work_is_found()
    {
        Assert.Single(Check("work left over is in no comment", "// TO" + "DO: later"));
        Assert.Empty(Check("work left over is in no comment", "// to do this, first do that"));
    }

    [Theory]
    [InlineData("work/shared/x", true)]
    [InlineData("home/somebody/x", true)]
    [InlineData("var/opt/simplex", false)]
    public void Paths_of_a_machine_are_found(string path, bool found) =>
        Assert.Equal(found, Check("nothing names a path of somebody's machine", $"\"/{path}\"", "README.md").Count == 1);

    [Theory]
    [InlineData(Rules.MaxFileLines, false)]
    [InlineData(Rules.MaxFileLines + 1, true)]
    public void A_file_has_at_most_600_lines(int lines, bool found) =>
        Assert.Equal(found, Check("a file is short", string.Concat(Enumerable.Repeat("int x;\n", lines))).Count == 1);

    [Theory]
    [InlineData(Rules.MaxMemberLines, false)]
    [InlineData(Rules.MaxMemberLines + 1, true)]
    public void A_method_has_at_most_70_lines(int lines, bool found)
    {
        string body = string.Concat(Enumerable.Repeat("        A(\"}\"); if (x) { B(); }\n", lines - 3));
        string text = $"namespace N;\n/// <summary>Doc.</summary>\nclass C<T> where T : class\n{{\n    [Attribute]\n    void M(int a = 1)\n    {{\n{body}    }}\n}}\n";
        Assert.Equal(found, Check("a method is short", text).Count == 1);
    }

    [Fact]
    public void Members_are_found_by_their_braces()
    {
        const string Text = """"
            namespace N;
            // { not a brace }
            internal sealed record R(int A)
            {
                private static readonly Dictionary<int, int> Table = new() { [1] = 2 };
                public int P { get; set; }
                public int Q(string s) => s switch { "{" => 1, _ => '}' };
                public string S() { return $"{(P > 1 ? "{" : "}")} {{"; }
                private void T() { Local(); void Local() { } }
                private const string U = """{ "a": { """;
            }
            """";
        Assert.Equal(
            ["public int P", "public int Q(string s) => s switch", "public string S()", "private void T()"],
            Member.Find(new SourceFile("src/R.cs", Text)).Select(member => member.Header));
    }

    [Fact]
    public void A_reference_against_the_arrows_is_found()
    {
        const string Text = """<Project><ItemGroup><ProjectReference Include="../Actors/Actors.csproj" /></ItemGroup></Project>""";
        Assert.Single(Project.Read(new SourceFile("src/Protocol/Protocol.csproj", Text)).WrongArrows());
        Assert.Empty(Project.Read(new SourceFile("src/Nodes/Nodes.csproj", Text)).WrongArrows());
        Assert.Single(Project.Read(new SourceFile("src/New/New.csproj", Text)).WrongArrows());
    }

    [Fact]
    public void A_file_of_no_project_is_found()
    {
        var project = new Project("src/Nodes/Nodes.csproj", [], RemovesFiles: false);
        Assert.Single(Project.Orphans([new SourceFile("src/Stray.cs", "")], [project]));
        Assert.Single(Project.Orphans([new SourceFile("src/Nodes/A.cs", "")], [project with { RemovesFiles = true }]));
        Assert.Empty(Project.Orphans([new SourceFile("src/Nodes/A.cs", "")], [project]));
    }

    private static IReadOnlyList<string> Check(string rule, string text, string path = "src/Nodes/Sample.cs") =>
        Rules.All.Single(r => r.Name == rule).Check([new SourceFile(path, text)]);
}
