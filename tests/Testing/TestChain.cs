using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Testing;

/// <summary>Chains of any length, made by the openssl program: leaf, authorities, self-signed anchor.</summary>
public static class TestChain
{
    /// <summary>Makes a chain; a length of 1 is a self-signed leaf.</summary>
    /// <param name="length">Certificates.</param>
    /// <param name="algorithm">Of all keys.</param>
    /// <param name="days">Validity of the leaf; 0 days are over at once.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public static async Task<TlsCredential> CreateAsync(int length, KeyAlgorithm algorithm, int days, CancellationToken cancellation)
    {
        (string certificates, string key) = await CreatePemAsync(length, algorithm, days, cancellation);
        return new TlsCredential(Certificate.ReadPem(certificates), CertificateKey.TryReadPem(key)!);
    }

    /// <summary>As the other, in PEM: the certificates, leaf first, and the leaf's key.</summary>
    public static async Task<(string Certificates, string Key)> CreatePemAsync(
        int length, KeyAlgorithm algorithm, int days, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("simplex-chain").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "ca.ext"), "basicConstraints=critical,CA:TRUE\n", cancellation);
            await File.WriteAllTextAsync(Path.Combine(folder, "leaf.ext"), "basicConstraints=CA:FALSE\n", cancellation);
            var pem = new Stack<string>();
            for (int i = 0; i < length; i++)
            {
                bool isLeaf = i == length - 1;
                await RunAsync($"genpkey -algorithm {algorithm} -out {i}.key");
                await RunAsync($"req -new -key {i}.key -subj /CN=c{i} -out {i}.csr");
                string issuer = i == 0 ? $"-signkey {i}.key" : $"-CA {i - 1}.crt -CAkey {i - 1}.key -CAcreateserial";
                string extensions = isLeaf ? "leaf.ext" : "ca.ext";
                await RunAsync($"x509 -req -in {i}.csr {issuer} -days {(isLeaf ? days : 30)} -extfile {extensions} -out {i}.crt");
                pem.Push(await File.ReadAllTextAsync(Path.Combine(folder, $"{i}.crt"), cancellation));
            }

            string key = await File.ReadAllTextAsync(Path.Combine(folder, $"{length - 1}.key"), cancellation);
            return (string.Concat(pem), key);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task RunAsync(string arguments)
        {
            (int exitCode, string output) = await OpenSslProgram.RunAsync(arguments, folder, cancellation);
            if (exitCode != 0)
            {
                throw new InvalidOperationException($"openssl {arguments}: {output}");
            }
        }
    }
}
