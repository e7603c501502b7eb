using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace SimplexActors.Nodes.LocalCluster;

/// <summary>
/// A PostgreSQL server of our own in a folder of our own: for a cluster on one machine and for tests. It listens on one port of
/// the loopback address and asks for a password that only the folder knows. Started again it has the same port.
/// </summary>
/// <remarks>
/// The folder holds <c>data</c>, <c>password</c> and <c>postgres.log</c>. A guard ends the server when this process is gone,
/// however that came about. Not for use by several callers at once.
/// </remarks>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private const string User = "simplex";
    private const string PasswordFile = "password", DataFolder = "data", NewDataFolder = "data.new", LogFile = "postgres.log";

    private readonly string _folder;
    private readonly PostgresPrograms _programs;
    private readonly bool _isTemporary;
    private readonly string _password;
    private Process? _server;
    private ProcessGuard? _guard;

    private PrivatePostgres(string folder, PostgresPrograms programs, string password, bool isTemporary)
    {
        _folder = folder;
        _programs = programs;
        _password = password;
        _isTemporary = isTemporary;
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>Process id of the server; 0 while it is down.</summary>
    public int ProcessId => _server?.Id ?? 0;

    /// <summary>Completes when the server has ended, whoever ended it.</summary>
    public Task Ended => _server?.WaitForExitAsync() ?? Task.CompletedTask;

    /// <summary>What the server said last.</summary>
    public string LastLogLine
    {
        get
        {
            string file = Path.Combine(_folder, LogFile);
            return File.Exists(file) ? PostgresAccount.OneLine(File.ReadAllText(file)) : "";
        }
    }

    /// <summary>Starts the server of a folder; makes it when the folder is empty or not there.</summary>
    /// <param name="folder">Below folders that the user <c>postgres</c> may pass through, when root starts this.</param>
    /// <param name="isTemporary">Deletes the folder in the end, also when this process dies.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="PostgresStartException">One line that says what to do.</exception>
    public static async Task<PrivatePostgres> StartAsync(string folder, bool isTemporary = false, CancellationToken cancellation = default)
    {
        folder = Path.GetFullPath(folder);
        string versionFile = Path.Combine(folder, DataFolder, "PG_VERSION");
        int? version = File.Exists(versionFile) ? int.Parse((await File.ReadAllTextAsync(versionFile, cancellation)).Trim(), CultureInfo.InvariantCulture) : null;
        PostgresPrograms programs = PostgresPrograms.TryFind(version) ?? throw new PostgresStartException(
            version is null ? PostgresPrograms.Missing : $"The database in {folder} needs PostgreSQL {version}, which is not installed: install the package postgresql-{version}.");
        await PostgresAccount.GiveFolderAsync(folder);
        var postgres = new PrivatePostgres(folder, programs, await PasswordAsync(folder, cancellation), isTemporary);
        try
        {
            if (version is null)
            {
                await postgres.InitialiseAsync();
            }
            else
            {
                await postgres.FormerServerEndedAsync(cancellation);
            }

            await postgres.StartAsync(cancellation);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>For a database of this server, as its superuser.</summary>
    public string ConnectionString(string database = "postgres") => new NpgsqlConnectionStringBuilder
    {
        Host = IPAddress.Loopback.ToString(),
        Port = Port,
        Username = User,
        Password = _password,
        Database = database,
    }.ConnectionString;

    /// <summary>Starts the server again, on the same port, and waits until it answers.</summary>
    /// <exception cref="PostgresStartException">One line that says what to do.</exception>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        if (_server is not null)
        {
            throw new InvalidOperationException("The server runs.");
        }

        int attempts = Port == 0 ? LocalClusterLimits.PortAttempts : 1;
        while (true)
        {
            Port = Port == 0 ? FreePort() : Port;
            _server = PostgresAccount.StartHeld(_programs.Server, Arguments(), Path.Combine(_folder, LogFile));
            _guard = await ProcessGuard.LetGoAsync(_server, "QUIT", folder: _isTemporary ? _folder : null);
            if (await IsReadyAsync(cancellation))
            {
                return;
            }

            await EndedAsync();
            if (--attempts == 0 || !LastLogLine.Contains("could not create any TCP/IP sockets", StringComparison.Ordinal))
            {
                throw new PostgresStartException($"PostgreSQL did not start in {_folder}: {LastLogLine}");
            }

            Port = 0;
        }
    }

    /// <summary>Ends the server in order; open connections are closed, open transactions undone.</summary>
    public async Task StopAsync()
    {
        if (_server is not { } server)
        {
            return;
        }

        ProcessTree.Send(server.Id, ProcessTree.Interrupt);
        using var patience = new CancellationTokenSource(LocalClusterLimits.DatabaseStop);
        try
        {
            await server.WaitForExitAsync(patience.Token);
            await EndedAsync();
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    /// <summary>Ends the server and all its processes at once, as a loss of the machine would. Returns when they are gone.</summary>
    public async Task KillAsync()
    {
        if (_server is not { } server)
        {
            return;
        }

        // Stopped it makes no more children.
        ProcessTree.Send(server.Id, ProcessTree.Stop);
        List<int> children = ProcessTree.Children(server.Id);
        ProcessTree.Send(server.Id, ProcessTree.Kill);
        children.ForEach(child => ProcessTree.Send(child, ProcessTree.Kill));
        await server.WaitForExitAsync();
        while (children.Exists(ProcessTree.IsRunning))
        {
            await Task.Delay(LocalClusterLimits.DatabasePoll);
        }

        await EndedAsync();
    }

    /// <summary>Ends the server; a temporary folder goes too.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_isTemporary && Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static async Task<string> PasswordAsync(string folder, CancellationToken cancellation)
    {
        string file = Path.Combine(folder, PasswordFile);
        if (File.Exists(file))
        {
            return await File.ReadAllTextAsync(file, cancellation);
        }

        string password = RandomNumberGenerator.GetHexString(32);
        await using (var stream = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            await using var writer = new StreamWriter(stream);
            await writer.WriteAsync(password);
        }

        if (Environment.IsPrivilegedProcess)
        {
            await PostgresAccount.RunAsync("chown", ["--reference", folder, file], $"The file {file} cannot be given to PostgreSQL.");
        }

        return password;
    }

    private static int FreePort()
    {
        for (int attempt = 0; ; attempt++)
        {
            int port = RandomNumberGenerator.GetInt32(LocalClusterLimits.FirstPort, LocalClusterLimits.LastPort);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse && attempt < LocalClusterLimits.PortAttempts)
            {
                // Another one, then.
            }
        }
    }

    /// <summary>Makes the files aside, so that those of an attempt that was cut short are never used.</summary>
    private async Task InitialiseAsync()
    {
        string files = Path.Combine(_folder, NewDataFolder);
        await PostgresAccount.RunAsync("rm", ["-rf", "--", files], $"{files} cannot be removed.");
        using Process process = PostgresAccount.StartHeld(
            _programs.Initialise,
            [
                "--pgdata", files, "--username", User, "--pwfile", Path.Combine(_folder, PasswordFile),
                "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8",
                .. _isTemporary ? ["--no-sync"] : Array.Empty<string>(),
            ],
            Path.Combine(_folder, LogFile));
        ProcessGuard guard = await ProcessGuard.LetGoAsync(process, "KILL", isGroup: true);
        await process.WaitForExitAsync();
        await guard.ReleaseAsync();
        if (process.ExitCode != 0)
        {
            throw new PostgresStartException($"PostgreSQL could not make its files in {_folder}: {LastLogLine}");
        }

        Directory.Move(files, Path.Combine(_folder, DataFolder));
    }

    /// <summary>When the process that started it was killed, the former server of the folder may be about to end.</summary>
    private async Task FormerServerEndedAsync(CancellationToken cancellation)
    {
        int server = FormerServer();
        long began = TimeProvider.System.GetTimestamp();
        while (ProcessTree.ProgramOf(server) == Path.GetFileName(_programs.Server) && TimeProvider.System.GetElapsedTime(began) < LocalClusterLimits.DatabaseStop)
        {
            await Task.Delay(LocalClusterLimits.DatabasePoll, cancellation);
        }
    }

    /// <summary>The process that says of itself that it serves the folder; 0 when there is none, or when it removes its file just now.</summary>
    private int FormerServer()
    {
        try
        {
            string? first = File.ReadLines(Path.Combine(_folder, DataFolder, "postmaster.pid")).FirstOrDefault();
            return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int process) ? process : 0;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private string[] Arguments() =>
    [
        "-D", Path.Combine(_folder, DataFolder),
        "-c", "listen_addresses=127.0.0.1",
        "-c", string.Create(CultureInfo.InvariantCulture, $"port={Port}"),
        "-c", "unix_socket_directories=",
        "-c", "fsync=on",
        "-c", string.Create(CultureInfo.InvariantCulture, $"max_connections={LocalClusterLimits.DatabaseConnections}"),
    ];

    /// <summary>Waits for a connection that works; false when the server ended before.</summary>
    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString()) { Pooling = false };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(LocalClusterLimits.DatabaseStart);
        while (_server is { HasExited: false })
        {
            try
            {
                await using var connection = new NpgsqlConnection(settings.ConnectionString);
                await connection.OpenAsync(patience.Token);
                return true;
            }
            catch (NpgsqlException starting) when (starting is not PostgresException { SqlState: not PostgresErrorCodes.CannotConnectNow })
            {
                await Task.Delay(LocalClusterLimits.DatabasePoll, patience.Token);
            }
        }

        return false;
    }

    private async Task EndedAsync()
    {
        if (_guard is { } guard)
        {
            await guard.ReleaseAsync();
        }

        _server?.Dispose();
        (_server, _guard) = (null, null);
    }
}
